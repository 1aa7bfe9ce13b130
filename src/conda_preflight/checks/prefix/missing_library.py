"""prefix/missing-library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.facts.optional_libraries import SYSTEM
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, by_soname, missing
from conda_preflight.report import Problem, Severity


@check("prefix/missing-library", Severity.ERROR)
def missing_library(
    prefix: Prefix, loaders: Loaders, *, optional: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """A library is needed that nothing provides.

    The dynamic loader looks for each NEEDED of a file along its RPATH, LD_LIBRARY_PATH and
    RUNPATH and then in the system. Where it finds nothing, the import ends with "cannot open
    shared object file". This is read from the files, nothing is run. It is an error for
    modules that Python imports and commands in `bin`, a warning for what something opens by
    name. Libraries of NVIDIA's driver are never expected. Of a target that is only described,
    nothing but its C library is known: what it must bring is one note.

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
    outside = []
    for soname, found in by_soname(missing(libraries, optional)).items():
        if soname in libraries.inside:
            continue
        if soname in SYSTEM and not libraries.is_system_known:
            outside += found
        else:
            yield _missing(soname, found, libraries)
    if outside:
        yield _expected(outside, libraries)


def _missing(soname: str, found: Sequence[Need], libraries: Libraries) -> Problem:
    first = found[0]
    vital = first.is_vital and libraries.is_system_known
    where = "" if libraries.is_system_known else f", and {libraries.system} may not have it"
    return Problem(
        about=soname,
        message=f"{soname} is needed by {some((n.link.needer for n in found), 2)} and nothing in "
        f"the environment provides it{where}",
        location=libraries.place(first.link.needer),
        fix=f"Install the package that has {soname}, or leave out the one that needs it.",
        severity=None if vital else Severity.WARNING,
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
