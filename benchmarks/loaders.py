"""How often the loader model is right, and what it costs, on real stacks of wheels.

``python -m benchmarks.loaders`` prints a table; names after it choose stacks. Wheels come from
pip's index and are kept in the user's cache. ``ldd`` on each file and pyelftools, where it is
installed, stand beside the times.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from conda_preflight.loading.contents import take
from conda_preflight.loading.disk import Disk
from conda_preflight.readers.libraries import read
from conda_preflight.testing.channel import download_wheels
from conda_preflight.testing.loader import compare, unpack_libraries

STACKS = {
    "numpy, scipy": ("numpy==2.*", "scipy==1.*"),
    "onnxruntime": ("onnxruntime==1.*",),
    "torch": ("torch>=2.1,<2.14",),
    "nvidia": ("nvidia-cusolver", "nvidia-cudnn-cu13"),
    "torch for CUDA": ("torch==2.*",),
}
RUNS = 3
HEAD = ("stack", "files", "MB", "edges", "right", "read", "whole model", "loader on each file")


def best(work: Callable[[], object]) -> float:
    """The shortest of a few times, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def row(name: str, prefix: Path) -> tuple[str, ...]:
    root = os.path.realpath(prefix)
    files = take(Disk(root), root).objects
    start = time.perf_counter()
    found = compare(prefix)
    taken = time.perf_counter() - start
    whole = best(lambda: read(prefix, name, environment={}))
    for difference in found.differences:
        print("differs:", *difference, file=sys.stderr)
    return (
        name,
        str(len(files)),
        f"{sum(library.size for library in files.values()) / 1e6:.0f}",
        str(found.edges),
        f"{100 * found.share:.1f} %",
        f"{best(lambda: take(Disk(root), root)):.3f} s",
        f"{whole:.3f} s",
        f"{taken - whole:.1f} s",
    )


def pyelftools(prefix: Path) -> float:
    """Seconds that pyelftools needs for NEEDED, sonames and versions of the same files."""
    from elftools.elf.elffile import ELFFile

    root = os.path.realpath(prefix)
    paths = take(Disk(root), root).paths.values()

    def work() -> None:
        for path in paths:
            with Path(path).open("rb") as stream:
                for section in ELFFile(stream).iter_sections():
                    if type(section).__name__ == "DynamicSection":
                        list(section.iter_tags())
                    elif hasattr(section, "iter_versions"):
                        [list(inner) for _, inner in section.iter_versions()]

    return best(work)


def main(chosen: list[str]) -> None:
    print("| " + " | ".join(HEAD) + " |")
    print("|---" * len(HEAD) + "|")
    for name, requirements in STACKS.items():
        if not chosen or name in chosen:
            with tempfile.TemporaryDirectory() as folder:
                prefix = unpack_libraries(download_wheels(requirements), Path(folder))
                print("| " + " | ".join(row(name, prefix)) + " |", flush=True)
                if importlib.util.find_spec("elftools"):
                    print(f"  pyelftools: {pyelftools(prefix):.2f} s", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
