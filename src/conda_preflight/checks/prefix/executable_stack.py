"""prefix/executable-stack."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import mapped
from conda_preflight.report import Problem, Severity

_REFUSED_SINCE = (2, 41)


@check("prefix/executable-stack", Severity.WARNING)
def executable_stack(prefix: Prefix, loaders: Loaders) -> Iterator[Problem]:
    """A library asks for an executable stack.

    It takes a protection away from the whole process. Hardened kernels refuse it, and since
    version 2.41 glibc refuses to open such a library at all: "cannot enable executable stack".
    With that glibc it is an error for what an import opens.
    (https://sourceware.org/pipermail/libc-announce/2025/000045.html)

    ## Fails

    ```text conda-meta/history
    ```

    ```elf lib/libold.so.1
    soname libold.so.1
    stack executable
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```elf lib/libnew.so.1
    soname libnew.so.1
    ```

    ```elf lib/libsilent.so.1
    soname libsilent.so.1
    stack unsaid
    ```

    ## Fix

    Take a newer build of the package. `patchelf --clear-execstack FILE` mends a library that
    does not really run code on its stack; most do not.
    """
    libraries = loaders.of(prefix)
    needs = mapped(libraries)
    for path, found in sorted(libraries.objects.items()):
        if found.executable_stack and not path.startswith("/"):
            opened = path in needs and needs[path].kind == "extension"
            yield _problem(path, libraries, refused=opened and _refuses(libraries.glibc))


def _refuses(glibc: str) -> bool:
    numbers = glibc.split(".")
    return (
        len(numbers) > 1
        and all(map(str.isdigit, numbers[:2]))
        and ((int(numbers[0]), int(numbers[1])) >= _REFUSED_SINCE)
    )


def _problem(path: str, libraries: Libraries, *, refused: bool) -> Problem:
    told = f", which glibc {libraries.glibc} refuses" if refused else ""
    return Problem(
        about=path,
        message=f"{path} asks for an executable stack{told}",
        location=libraries.place(path),
        fix="Take a newer build of its package, or clear the mark with patchelf --clear-execstack.",
        severity=Severity.ERROR if refused else None,
    )
