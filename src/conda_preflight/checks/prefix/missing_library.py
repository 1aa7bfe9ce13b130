"""prefix/missing-library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.facts.optional_libraries import SYSTEM
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, by_package, by_soname, missing, package
from conda_preflight.report import Problem, Severity


@check("prefix/missing-library", Severity.ERROR)
def missing_library(
    prefix: Prefix, loaders: Loaders, *, optional: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """A library is needed that nothing provides.

    The dynamic loader looks for each NEEDED of a file along its RPATH, LD_LIBRARY_PATH and
    RUNPATH and then in the system. Where it finds nothing, the import ends with "cannot open
    shared object file". This is read from the files, nothing is run. It is an error for
    modules that Python imports and commands in `bin`. Of libraries that something opens by
    name, a package may bring more than can be used here (one for each CUDA): that is a note, and
    a warning where each of them misses something. Libraries of NVIDIA's driver are never
    expected. Of a target that is only described, nothing but its C library is known: what it
    must bring is one note.

    `optional` are globs of files that may miss what they need.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libnowhere.so.1
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libsomewhere.so.1
    soname libsomewhere.so.1
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libsomewhere.so.1 libcuda.so.1
    ```

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/python3.11/site-packages/torch/bin/test_api
    interpreter /lib64/ld-linux-x86-64.so.2
    needed libnowhere.so.1
    ```

    ## Fix

    Install the package that has the library, in the lock: `conda search --file` and
    `apt-file search` find its name. Or leave out the package that needs it.
    """
    libraries = loaders.of(prefix)
    found = [n for n in missing(libraries, optional) if n.link.soname not in libraries.inside]
    usual = [n for n in found if n.link.soname in SYSTEM and not libraries.is_system_known]
    vital = [n for n in found if n.is_vital and n not in usual]
    told = {need.link.soname for need in vital}
    for soname, rows in by_soname(vital).items():
        yield _missing(soname, rows, libraries)
    parts = [n for n in found if n not in usual and n.link.soname not in told]
    for name, rows in by_package(parts).items():
        yield _part(name, rows, libraries)
    if usual:
        yield _expected(usual, libraries)


def _missing(soname: str, found: Sequence[Need], libraries: Libraries) -> Problem:
    first = found[0].link.needer
    where = "" if libraries.is_system_known else f", and {libraries.system} may not have it"
    return Problem(
        about=soname,
        message=f"{soname} is needed by {some((n.link.needer for n in found), 2)} and nothing in "
        f"the environment provides it{where}",
        location=libraries.place(first),
        fix=f"Install the package that has {soname}, or leave out the one that needs it.",
        severity=None if libraries.is_system_known else Severity.WARNING,
    )


def _part(name: str, found: Sequence[Need], libraries: Libraries) -> Problem:
    """About libraries that something opens by name, all of one package."""
    lacking = {need.entry for need in found}
    whole = {
        process.entry
        for process in libraries.processes
        if package(process.entry) == name and process.entry not in lacking
    }
    names = some(sorted({need.link.soname for need in found}), 5)
    return Problem(
        about=name,
        message=f"{some(sorted(lacking), 2)} cannot be opened, because nothing in the "
        f"environment provides {names}",
        location=libraries.place(found[0].link.needer),
        fix="Install what provides them, if that part of the package is used.",
        severity=Severity.NOTE if whole else Severity.WARNING,
    )


def _expected(found: Sequence[Need], libraries: Libraries) -> Problem:
    names = some(sorted({need.link.soname for need in found}), 8)
    return Problem(
        about="the system's libraries",
        message=f"{libraries.system} must bring what the environment has not: {names}",
        location=libraries.place(found[0].link.needer),
        fix="Install them in the image or on the machine, or add their packages to the lock.",
        severity=Severity.NOTE,
    )
