"""prefix/two-openmp-runtimes."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.facts.runtime_libraries import OPENMP
from conda_preflight.loading.loaders import Loaders
from conda_preflight.report import Problem, Severity

_TOLERANT = "GNU libgomp"


@check("prefix/two-openmp-runtimes", Severity.WARNING)
def two_openmp_runtimes(prefix: Prefix, loaders: Loaders) -> Iterator[Problem]:
    """Modules of one environment load two OpenMP runtimes.

    Each has its own threads, so that a program uses more of them than there are cores; Intel's
    and LLVM's stop it with "OMP: Error #15", and mixed with GNU's it may hang after a fork.
    Copies of GNU's runtime alone, as wheels bring them, live together, and are not told.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libiomp5.so
    soname libiomp5.so
    ```

    ```elf lib/libgomp.so.1
    soname libgomp.so.1
    ```

    ```elf lib/python3.11/site-packages/one.cpython-311-x86_64-linux-gnu.so
    needed libiomp5.so
    ```

    ```elf lib/python3.11/site-packages/two.cpython-311-x86_64-linux-gnu.so
    needed libgomp.so.1
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/python3.11/site-packages/one.libs/libgomp-a34b3233.so.1
    soname libgomp-a34b3233.so.1
    ```

    ```elf lib/python3.11/site-packages/two.libs/libgomp-947d5fa1.so.1
    soname libgomp-947d5fa1.so.1
    ```

    ```elf lib/python3.11/site-packages/one.cpython-311-x86_64-linux-gnu.so
    needed libgomp-a34b3233.so.1
    rpath $ORIGIN/one.libs
    ```

    ```elf lib/python3.11/site-packages/two.cpython-311-x86_64-linux-gnu.so
    needed libgomp-947d5fa1.so.1
    rpath $ORIGIN/two.libs
    ```

    ## Fix

    Take the packages from conda, where one runtime serves all (`_openmp_mutex`), or replace
    the one that brings its own.
    """
    libraries = loaders.of(prefix)
    found: dict[str, dict[str, str]] = {}
    for process in libraries.processes:
        if process.kind == "extension":
            for path in process.mapped:
                if name := _runtime(path):
                    found.setdefault(name, {}).setdefault(path, process.entry)
    copies = sum(len(paths) for name, paths in found.items() if name != _TOLERANT)
    if len(found) > 1 or copies > 1:
        yield _problem(found, libraries)


def _runtime(path: str) -> str:
    base = path.rpartition("/")[2]
    return next((name for name, pattern in OPENMP if pattern.fullmatch(base)), "")


def _problem(found: dict[str, dict[str, str]], libraries: Libraries) -> Problem:
    rows = [(name, path, entry) for name, paths in found.items() for path, entry in paths.items()]
    told = ", ".join(f"{name} ({path}, for {entry})" for name, path, entry in sorted(rows)[:4])
    return Problem(
        about="OpenMP",
        message=f"Imports load several OpenMP runtimes: {told}",
        location=libraries.place(max(rows)[2]),
        fix="Take the packages that bring them from conda, where one runtime serves all.",
    )
