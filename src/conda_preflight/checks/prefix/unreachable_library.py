"""prefix/unreachable-library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, by_soname, missing, package
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
    library is known. It is a warning too where importing another package first would help, and
    for the libraries of NVIDIA's wheels, which some packages open by their path. What torch,
    tensorflow, cupy and pyarrow open at their import is known. About what something opens by
    name it is a note, and nothing where it lies in the same package.

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
    found = [n for n in missing(libraries, optional) if n.link.soname in libraries.inside]
    for soname, rows in by_soname(n for n in found if _matters(n, libraries)).items():
        yield _unreachable(soname, rows, libraries, importable.get(soname, ""))


def _matters(need: Need, libraries: Libraries) -> bool:
    """What opens a library by name has opened others of the same package before."""
    places = libraries.inside[need.link.soname]
    return need.is_vital or all(package(place) != package(need.link.needer) for place in places)


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
    inside = libraries.inside[soname]
    by_path = all("/site-packages/nvidia/" in place for place in inside)
    sure = libraries.is_system_known and not module and not by_path
    helped = f"; it works only after {module} was imported" if module else ""
    system = "" if libraries.is_system_known else f", so {libraries.system} must have it"
    rarely = Severity.WARNING if first.is_vital else Severity.NOTE
    return Problem(
        about=soname,
        message=f"{soname} is at {some(inside, 2)} in the environment, and where it is looked "
        f"for it is not: by {some((n.link.needer for n in found), 2)}{helped or system}",
        location=libraries.place(first.link.needer),
        fix="Take the package that needs it from conda as well, or install the library in the "
        "system of the image.",
        severity=None if sure and first.is_vital else rarely,
    )
