"""manifest/impossible-pytorch-cuda."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirement, Requirements
from conda_preflight.facts.cuda import (
    CHANNEL_PYTORCH,
    LAST_CUDATOOLKIT,
    LAST_IN_CHANNEL,
    PYTORCH_CUDA,
    SWITCH,
    TOOLKITS,
    WHEEL_CUDA,
)
from conda_preflight.facts.frameworks import FUTURE, series, torch_versions
from conda_preflight.grammar.asked import Asked, by_conda, by_pip, pairs
from conda_preflight.grammar.conda_version import matches
from conda_preflight.grammar.cuda_request import index_cuda, local_cuda, toolkits
from conda_preflight.grammar.torch_origin import origin
from conda_preflight.report import Problem, Severity

_NIGHTLY = ("pytorch-nightly", "pytorch-test")
_NEWEST = max(TOOLKITS)


@check("manifest/impossible-pytorch-cuda", Severity.ERROR)
def impossible_pytorch_cuda(doc: Manifest | Requirements) -> Iterator[Problem]:
    """A build is asked for that was never made for this CUDA.

    `pytorch-cuda` exists as 11.6, 11.7, 11.8, 12.1 and 12.4 only, `cudatoolkit` ends with 11.8,
    and there is no CUDA 12.7. Each series of pytorch was built for two or three of them; for
    any other pair the solver finds nothing, or takes the CPU build in silence where the old
    `cudatoolkit` was to select it. With wheels pip finds no file, or takes the one of the public
    index. Judged is what the indexes tell completely; other channels may have more.

    ## Fails

    ```yaml environment.yml
    channels: [nvidia, pytorch, conda-forge]
    dependencies:
      - pytorch-cuda=11.3
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch=2.0.1
      - pytorch-cuda=12.1
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch=1.12.1
      - pytorch-cuda=11.6
    ```

    ```yaml environment.yml
    channels: [pytorch]
    dependencies:
      - pytorch=1.11.0
      - cudatoolkit=10.1
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - cudatoolkit=12.1
    ```

    ```text requirements.txt
    torch==1.12.1+cu115
    ```

    ```text requirements.txt
    --extra-index-url https://download.pytorch.org/whl/cu113
    torch==2.0.1
    ```

    ## Passes

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch>2.0.0
      - pytorch-cuda=11.7
    ```

    ```yaml environment.yml
    channels: [pytorch]
    dependencies:
      - pytorch=1.10.0
      - cudatoolkit=11.1.1
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch=2.0
      - cudatoolkit=11.2
      - cuda-version>=11.2
    ```

    ```text requirements.txt
    --extra-index-url https://download.pytorch.org/whl/cu118
    torch==2.0.1
    ```

    ## Fix

    Take a pair that exists; the page of previous versions on pytorch.org lists them.
    """
    if isinstance(doc, Manifest):
        yield from _never_released(doc)
        yield from _pair(doc)
    for torch in by_pip(doc, "torch"):
        yield from _wheel(doc, torch)


def _never_released(manifest: Manifest) -> Iterator[Problem]:
    known = not any(any(x in c.name for x in _NIGHTLY) for c in manifest.channels)
    for line in by_conda(manifest, "pytorch-cuda"):
        nightly = any(name in line.channel for name in _NIGHTLY)
        if known and not nightly and line.constraint and _is_plain(line) and not _exists(line):
            yield Problem(
                line.name,
                f"`{line.text}` was never released: there are {_listed(PYTORCH_CUDA)}",
                line.location,
                f"Write `pytorch-cuda=11.8`, or another of {_listed(PYTORCH_CUDA)}.",
            )
    for line in by_conda(manifest, "cudatoolkit", "cuda-version", "cuda-toolkit", "cuda-runtime"):
        if line.constraint and _is_plain(line):
            yield from _no_toolkit(line)


def _is_plain(line: Asked) -> bool:
    """Whether the constraint is readable; nothing is said about another one."""
    return matches(line.constraint, "0") is not None


def _exists(line: Asked) -> bool:
    return any(line.allows(f"{version}{tail}") for version in PYTORCH_CUDA for tail in ("", ".0"))


def _no_toolkit(line: Asked) -> Iterator[Problem]:
    kits = toolkits(line.constraint)
    if line.name == "cudatoolkit" and kits and min(kits) > LAST_CUDATOOLKIT:
        yield Problem(
            line.name,
            f"`{line.text}` was never released: `cudatoolkit` ends with 11.8",
            line.location,
            f"Write `cuda-version={_dotted(min(kits))}`, with `cuda-toolkit` for the compiler.",
        )
    elif not kits and not line.allows(FUTURE) and not _is_newer(line):
        yield Problem(
            line.name,
            f"`{line.text}` asks for a CUDA that was never released",
            line.location,
            "Write the number of a toolkit that NVIDIA released, such as 11.8 or 12.6.",
        )


def _is_newer(line: Asked) -> bool:
    """Whether it may be a toolkit that came after the table."""
    major, minor = _NEWEST
    later = (f"{major}.{minor + step}" for step in range(1, 10))
    return any(
        line.allows(text) for text in (*later, *(f"{major + 1}.{n}" for n in range(10)))
    ) or (not any(line.allows(f"{a}.{b}") for a in range(8, major + 1) for b in range(12)))


def _pair(manifest: Manifest) -> Iterator[Problem]:
    switches = by_conda(manifest, "pytorch-cuda", "cudatoolkit")
    for pytorch, cuda in pairs(by_conda(manifest, "pytorch"), switches):
        if origin(manifest, pytorch) == "pytorch" and cuda.constraint:
            yield from _no_build(pytorch, cuda)


def _no_build(pytorch: Asked, cuda: Asked) -> Iterator[Problem]:
    allowed = pytorch.of(torch_versions()[:-1])
    old = cuda.name == "cudatoolkit"
    if old:
        exists = bool(toolkits(cuda.constraint))
        judged = exists and all(matches(f"<{SWITCH}", version) for version in allowed)
    else:
        judged = _exists(cuda)
    built = {version: _cudas(version, old=old) for version in allowed}
    possible = any(_takes(cuda, text) for cudas in built.values() for text in cudas)
    if not allowed or not judged or pytorch.allows(FUTURE) or possible:
        return
    have = _have(built)
    outcome = "conda takes the CPU build" if old else "nothing can be solved"
    yield Problem(
        "pytorch",
        f"The channel pytorch has no build of `{pytorch.text}` for `{cuda.text}`; {outcome}",
        cuda.location,
        _other_pair(have, allowed[0]),
    )


def _other_pair(have: tuple[str, ...], version: str) -> str:
    if have:
        return f"It has builds for CUDA {_listed(have)}: take one of these, or another pytorch."
    if matches(f">{LAST_IN_CHANNEL}", version):
        return f"That channel ends with {LAST_IN_CHANNEL}; take `pytorch-gpu` from conda-forge."
    return "`pytorch-cuda` begins with pytorch 1.13; name `cudatoolkit` for an older one."


def _cudas(version: str, *, old: bool) -> tuple[str, ...]:
    """The CUDA of a release's builds, none where they follow the other switch."""
    follows_toolkit = bool(matches(f"<{SWITCH}", version))
    return CHANNEL_PYTORCH.get(series(version), ()) if follows_toolkit == old else ()


def _takes(cuda: Asked, text: str) -> bool:
    return _kit(text) in toolkits(cuda.constraint) or cuda.allows(text)


def _have(built: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The versions that a person can name instead; none where the switch is another package."""
    fitting = {text for cudas in built.values() for text in cudas}
    return tuple(sorted(fitting, key=_kit))


def _wheel(doc: Manifest | Requirements, torch: Asked) -> Iterator[Problem]:
    allowed = torch.of(torch_versions()[:-1])
    known = [version for version in allowed if series(version) in WHEEL_CUDA]
    if not allowed or len(known) != len(allowed) or torch.allows(FUTURE):
        return
    built = {text for version in known for text in WHEEL_CUDA[series(version)]}
    kits = {_kit(text) for text in built}
    tag = local_cuda(torch.local)
    if tag is not None and tag not in kits:
        yield _no_wheel(torch, torch.text, tag, built)
    if tag is None and not torch.local and not torch.url:
        yield from _by_index(doc, torch, built)


def _by_index(doc: Manifest | Requirements, torch: Asked, built: set[str]) -> Iterator[Problem]:
    options = [req for req in doc.pip if _is_index(req)]
    if any("nightly" in req.value or "/test/" in req.value for req in options):
        return
    indexes = [(req, kit) for req in options if (kit := index_cuda(req)) is not None]
    kits = {_kit(text) for text in built}
    if indexes and len(indexes) == len(options) and not any(kit in kits for _, kit in indexes):
        yield _no_wheel(torch, torch.text, indexes[0][1], built)


def _is_index(req: Requirement) -> bool:
    return req.kind == "option" and "pytorch.org" in req.value


def _no_wheel(torch: Asked, text: str, kit: tuple[int, int], built: set[str]) -> Problem:
    have = sorted(built, key=_kit)
    return Problem(
        "torch",
        f"There is no wheel of `{text}` for CUDA {_dotted(kit)}, only for {_listed(have)}",
        torch.location,
        f"Name CUDA {_listed(have)}, in the version and in the index alike.",
    )


def _kit(text: str) -> tuple[int, int]:
    major, minor = text.split(".")
    return int(major), int(minor)


def _dotted(kit: tuple[int, int]) -> str:
    return f"{kit[0]}.{kit[1]}"


def _listed(words: tuple[str, ...] | list[str]) -> str:
    """``11.6, 11.7 and 11.8``."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
