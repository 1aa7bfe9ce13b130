"""``python -m benchmarks.exits [RUNS]``: how many runs of a command end with the right code.

Threads of the library that installs may be alive when the interpreter goes, which crashes
some short runs unless it is cured; only many runs show that it is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conda_preflight.testing.channel import record, write_installable_channel

RUNS = 300
JOBS = 2


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        good, bad = projects(Path(folder))
        wrong = 0
        for name, project, expected in (("good", good, 0), ("changed", bad, 1)):
            words = [project, "--cache", Path(folder, "cache")]
            codes = count([sys.executable, "-m", "conda_preflight", "rebuild", *words], runs)
            wrong += runs - codes[expected]
            print(f"rebuild, {name} lock: exit codes {dict(codes)} in {runs} runs")
    for (what, codes), expected in zip(lock_codes(runs), (0, 1, 2), strict=True):
        wrong += runs - codes[expected]
        print(f"{what}: exit codes {dict(codes)} in {runs} runs")
    sys.exit(bool(wrong))


def lock_codes(runs: int) -> Iterator[tuple[str, Counter[int]]]:
    """Exit codes of ``lock``: with a solution, without one, and without its channel."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [record("a", "1.0", depends=["b"]), record("b", "1.0")]
        channel = write_installable_channel(Path(folder, "channel"), rows)
        for what, spec, place in (
            ("lock, solvable", "a", channel),
            ("lock, unsolvable", "a=2", channel),
            ("lock, no such channel", "a", channel / "none"),
        ):
            project = Path(folder, what)
            project.mkdir()
            text = f"name: x\nchannels: ['{place.as_uri()}']\ndependencies: ['{spec}']\n"
            (project / "environment.yml").write_text(text)
            yield what, count([sys.executable, "-m", "conda_preflight", "lock", project], runs)


def projects(folder: Path) -> tuple[Path, Path]:
    """Two lists of one channel: as it is, and with a digest of another file."""
    channel = write_installable_channel(folder / "channel", [record("a", "1.0"), record("b", "1")])
    files = sorted(channel.glob("linux-64/*.conda"))
    digests = [_digest(file) for file in files]
    good = _listed(folder / "good.txt", files, digests)
    return good, _listed(folder / "changed.txt", files, digests[::-1])


def _listed(file: Path, archives: list[Path], digests: list[str]) -> Path:
    urls = (f"{a.as_uri()}#sha256:{d}" for a, d in zip(archives, digests, strict=True))
    file.write_text("\n".join(["# platform: linux-64", "@EXPLICIT", *urls]) + "\n")
    return file


def _digest(file: Path) -> str:
    from hashlib import sha256

    return sha256(file.read_bytes()).hexdigest()


def count(command: list[str | Path], runs: int) -> Counter[int]:
    """Exit codes of so many runs; a crash is a negative one."""

    def once(_: int) -> int:
        words = [str(word) for word in command]
        return subprocess.run(words, capture_output=True, check=False).returncode

    with ThreadPoolExecutor(JOBS) as pool:
        return Counter(pool.map(once, range(runs)))


if __name__ == "__main__":
    main()
