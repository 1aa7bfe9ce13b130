"""prefix/two-cuda-majors."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.facts.runtime_libraries import CUDA_MAJOR
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import package
from conda_preflight.report import Problem, Severity


@check("prefix/two-cuda-majors", Severity.WARNING)
def two_cuda_majors(prefix: Prefix, loaders: Loaders) -> Iterator[Problem]:
    """Packages of one environment need two major versions of CUDA.

    One process then has two CUDA runtimes, or one of the imports fails because its version is
    not there. A wheel that was built for CUDA 12 beside a torch for CUDA 13 is the usual
    case. What each module and each library that is opened by name needs is read from the
    files. A package that brings a library for each version takes the one that fits.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/python3.11/site-packages/torch/_C.cpython-311-x86_64-linux-gnu.so
    needed libcudart.so.13
    ```

    ```elf lib/python3.11/site-packages/xformers/_C.so
    needed libcudart.so.12
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/python3.11/site-packages/torch/_C.cpython-311-x86_64-linux-gnu.so
    needed libcudart.so.12 libcufft.so.11
    ```

    ```elf lib/python3.11/site-packages/xformers/_C.so
    needed libcudart.so.12
    ```

    ## Fix

    Take builds of all of them for one CUDA: the frameworks' install pages list the pairs.
    """
    libraries = loaders.of(prefix)
    uses = list(_uses(libraries))
    majors: dict[str, set[str]] = {}
    for major, path in uses:
        majors.setdefault(package(path), set()).add(major)
    found: dict[str, dict[str, str]] = {}
    for major, path in uses:
        if len(majors[package(path)]) == 1:
            found.setdefault(major, {}).setdefault(package(path), path)
    if len(found) > 1:
        yield _problem(found, libraries)


def _uses(libraries: Libraries) -> Iterator[tuple[str, str]]:
    """Each major version that a file of the environment needs, with the file."""
    for process in libraries.processes:
        for link in process.links:
            hit = CUDA_MAJOR.fullmatch(link.soname)
            if hit and process.kind != "program" and not link.needer.startswith("/"):
                yield hit[1], link.needer


def _problem(found: dict[str, dict[str, str]], libraries: Libraries) -> Problem:
    told = "; ".join(f"CUDA {major} by {some(found[major])}" for major in sorted(found))
    fewest = min(found, key=lambda major: (len(found[major]), major))
    return Problem(
        about="CUDA",
        message=f"Two major versions of CUDA are needed in one environment: {told}",
        location=libraries.place(next(iter(found[fewest].values()))),
        fix="Take builds of all of them for one major version of CUDA.",
    )
