"""The smoke test of a new project: its imports, and a computation on what it was made for."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.scaffolding.answers import Answers
from conda_preflight.scaffolding.packages import Wanted

SMOKE = "smoke_test.py"


def smoke(answers: Answers, wanted: Wanted) -> str:
    """A program that ends with 0 where the environment works."""
    return "\n".join([*_lines(answers, wanted), ""])


def _lines(answers: Answers, wanted: Wanted) -> Iterator[str]:
    yield '"""Whether this environment works: `conda-preflight rebuild` runs it in a fresh one."""'
    yield ""
    yield from sorted(f"import {module}" for module in wanted.modules)
    yield ""
    yield f"MODULES = [{', '.join(wanted.modules)}]"
    yield ""
    yield ""
    yield "def main():"
    yield "    for module in MODULES:"
    yield '        print(module.__name__, getattr(module, "__version__", ""))'
    if "torch" in wanted.modules:
        yield f"    devices = {_devices(answers)}"
        yield "    for device in devices:"
        yield "        square = torch.eye(64, device=device)"
        yield "        assert torch.equal(square @ square, square), device"
        yield '        print("computed on", device)'
        if answers.machine.capability:
            yield '    if "cuda" not in devices:'
            yield '        print("There is no GPU here, so none was tried.")'
    yield ""
    yield ""
    yield 'if __name__ == "__main__":'
    yield "    main()"


def _devices(answers: Answers) -> str:
    if answers.machine.capability:
        return '["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]'
    if answers.machine.platform == "osx-arm64":
        return '["cpu", "mps"] if torch.backends.mps.is_available() else ["cpu"]'
    return '["cpu"]'
