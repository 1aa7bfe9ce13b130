"""prefix/unreachable-library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, by_soname, missing
from conda_preflight.report import Problem, Severity


@check("prefix/unreachable-library", Severity.ERROR)
def unreachable_library(
    prefix: Prefix, loaders: Loaders, *, optional: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """A library is in the environment, but not where the file that needs it looks.

    A wheel that takes `libz.so.1` from the system works on the machine where it was tried,
    and fails in an image without it, although the environment has a `libz.so.1` in `lib`: the
    RUNPATH of the wheel does not lead there. It is an error where the system is known to lack
    the library (`--root` names the image), and a warning for a target of which only the C
    library is known. Where importing another package first would help, it is a warning too.
    What torch, tensorflow and pyarrow open at their import is known.

    `optional` are globs of files that may miss what they need.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    runpath $ORIGIN/../lib
    ```

    ```elf lib/libpart.so.1
    soname libpart.so.1
    ```

    ```elf lib/python3.11/site-packages/fast.libs/libgfortran.so.5
    soname libgfortran.so.5
    needed libpart.so.1
    runpath $ORIGIN
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libgfortran.so.5
    runpath $ORIGIN/fast.libs
    ```

    A RUNPATH is for the file itself alone; with RPATH in Python, its `lib` is searched for all
    that have no RUNPATH.

    ## Passes

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libpart.so.1
    soname libpart.so.1
    ```

    ```elf lib/python3.11/site-packages/fast.libs/libgfortran.so.5
    soname libgfortran.so.5
    needed libpart.so.1
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libgfortran.so.5
    rpath $ORIGIN/fast.libs
    ```

    An extension of torch finds the libraries that torch opens.

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/python3.11/site-packages/torch/lib/libc10.so
    soname libc10.so
    ```

    ```elf lib/python3.11/site-packages/torch/_C.cpython-311-x86_64-linux-gnu.so
    needed libc10.so
    runpath $ORIGIN/lib
    ```

    ```elf lib/python3.11/site-packages/vision/_C.so
    needed libc10.so
    ```

    ## Fix

    Install the package that needs the library from conda too, so that both fit, or install
    the library in the image. `LD_LIBRARY_PATH` would hide other libraries of the system.
    """
    libraries = loaders.of(prefix)
    importable = _importable(libraries)
    for soname, found in by_soname(missing(libraries, optional)).items():
        if soname in libraries.inside:
            yield _unreachable(soname, found, libraries, importable.get(soname, ""))


def _importable(libraries: Libraries) -> dict[str, str]:
    """The module of an installed package whose import maps a library, by that one's name."""
    return {
        link.soname: process.entry
        for process in libraries.processes
        if process.kind == "extension" and "/site-packages/" in process.entry
        for link in process.links
        if link.provider
    }


def _unreachable(soname: str, found: Sequence[Need], libraries: Libraries, module: str) -> Problem:
    first = found[0]
    places = some(libraries.inside[soname])
    sure = first.is_vital and libraries.is_system_known and not module
    helped = f"; it works only after {module} was imported" if module else ""
    system = "" if libraries.is_system_known else f", so {libraries.system} must have it"
    return Problem(
        about=soname,
        message=f"{soname} is at {places} in the environment, and where it is looked for it is "
        f"not: by {some((n.link.needer for n in found), 2)}{helped or system}",
        location=libraries.place(first.link.needer),
        fix="Take the package that needs it from conda as well, or install the library in the "
        "system of the image.",
        severity=None if sure else Severity.WARNING,
    )
