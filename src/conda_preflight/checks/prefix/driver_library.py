"""prefix/driver-library."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.facts.optional_libraries import DRIVER
from conda_preflight.loading.loaders import Loaders
from conda_preflight.report import Problem, Severity

_HARMLESS = ("stubs", "cuda-compat", "compat")


@check("prefix/driver-library", Severity.WARNING)
def driver_library(prefix: Prefix, loaders: Loaders) -> Iterator[Problem]:
    """A library of the GPU driver lies in the environment.

    `libcuda.so.1` and `libnvidia-ml.so.1` belong to the kernel module of the machine. A copy
    from elsewhere ends with "CUDA driver version is insufficient" or error 803 on every
    machine with another driver. It is an error where it lies in a folder in which the loader
    looks. Stubs for linking (`stubs`) and `cuda-compat` are meant to be there; that a stub is
    picked is an error.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/libcuda.so.1
    soname libcuda.so.1
    ```

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/stubs/libcuda.so.1
    soname libcuda.so.1
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libcuda.so.1
    rpath $ORIGIN/../../stubs
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/stubs/libcuda.so
    soname libcuda.so.1
    ```

    ## Fix

    Remove the file, or the package that brought it; the driver's own copy is found then.
    """
    libraries = loaders.of(prefix)
    picked = {link.provider for process in libraries.processes for link in process.links}
    searched = {
        _folder(link.provider)
        for p in libraries.processes
        for link in p.links
        if link.how in ("rpath", "runpath", "LD_LIBRARY_PATH")
    }
    for path in sorted({path for name in DRIVER for path in libraries.inside.get(name, ())}):
        harmless = any(part in _HARMLESS for part in path.split("/")[:-1])
        if path in picked or not harmless:
            sure = path in picked or _folder(path) in searched
            yield _problem(path, libraries, is_stub=harmless, sure=sure)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _problem(path: str, libraries: Libraries, *, is_stub: bool, sure: bool) -> Problem:
    what = "a stand-in for the driver, picked instead of it" if is_stub else "part of a GPU driver"
    return Problem(
        about=path,
        message=f"{path} is {what}; only the machine's own copy fits its kernel module",
        location=libraries.place(path),
        fix="Remove it, or the package that brought it.",
        severity=Severity.ERROR if sure else None,
    )
