"""What fuzzing promises of a reader, and one run of it.

``python -m benchmarks.fuzz_target READER FOLDER SECONDS`` is such a run, with atheris.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pkgutil import walk_packages

from benchmarks.fuzz_mutation import mutate
from benchmarks.fuzz_readers import NAMES, reading, texts

MAX_SECONDS = 1.0
MAX_MIB = 2048
MAX_BYTES = 8 * 1024


def target(reader: str, seconds: float = MAX_SECONDS) -> Callable[[bytes], None]:
    """The function that takes one input and raises where the reader breaks its promise.

    ``seconds`` of the processor are what one input may take.
    """
    read = reading(reader)
    slowest = 0.0

    def one_input(data: bytes) -> None:
        nonlocal slowest
        start = time.thread_time()
        name = NAMES[reader][(data[0] if data else 0) % len(NAMES[reader])]
        documents = read(data[1:], name)
        taken = time.thread_time() - start
        if taken > slowest:
            slowest = taken
            print(f"slowest: {taken:.4f} s, {len(data)} bytes", file=sys.stderr)
        if taken > seconds:
            raise AssertionError(f"{len(data)} bytes took {taken:.2f} s")
        for text in texts(documents):
            text.encode()  # half a surrogate pair would break every report

    return one_input


def main() -> None:
    """One run of one reader, until the time is over or the reader breaks its promise."""
    import atheris

    reader, folder, seconds = sys.argv[1:]
    with atheris.instrument_imports(include=["conda_preflight"]):
        for package in ("documents", "errors", "facts", "grammar", "opening", "readers"):
            _import_all(f"conda_preflight.{package}")
    options = (
        f"-dict={folder}/dictionary",
        f"-artifact_prefix={folder}/crashes/",
        f"-max_total_time={seconds}",
        f"-max_len={MAX_BYTES}",
        f"-rss_limit_mb={MAX_MIB}",
        "-timeout=60",
        "-print_final_stats=1",
    )
    arguments = [sys.argv[0], f"{folder}/corpus", f"{folder}/seeds", *options]
    atheris.Setup(arguments, target(reader), custom_mutator=mutate)
    atheris.Fuzz()


def _import_all(name: str) -> None:
    module = import_module(name)
    for found in walk_packages(getattr(module, "__path__", ()), f"{name}."):
        import_module(found.name)


if __name__ == "__main__":
    main()
