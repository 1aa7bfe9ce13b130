"""prefix/two-providers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries, SharedObject
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, by_soname, needs
from conda_preflight.report import Problem, Severity


@check("prefix/two-providers", Severity.WARNING)
def two_providers(prefix: Prefix, loaders: Loaders) -> Iterator[Problem]:
    """Two different libraries of one name can be loaded, and the first import decides.

    In one process each name is loaded once: whoever imports first decides for all others.
    Two copies in the environment that differ (a conda package and a wheel that bring the same
    library) make a program depend on the order of its imports. A copy of the system beside
    one of the environment counts where it lacks a symbol version that somebody needs: then
    the other import fails.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libcudnn.so.9
    soname libcudnn.so.9
    build-id aa01
    ```

    ```elf lib/python3.11/site-packages/nvidia/cudnn/lib/libcudnn.so.9
    soname libcudnn.so.9
    build-id aa02
    ```

    ```elf lib/python3.11/site-packages/one.cpython-311-x86_64-linux-gnu.so
    needed libcudnn.so.9
    ```

    ```elf lib/python3.11/site-packages/two.cpython-311-x86_64-linux-gnu.so
    needed libcudnn.so.9
    rpath $ORIGIN/nvidia/cudnn/lib
    ```

    ## Passes

    Copies of one build are the same library.

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libcudnn.so.9
    soname libcudnn.so.9
    build-id aa01
    ```

    ```elf lib/python3.11/site-packages/nvidia/cudnn/lib/libcudnn.so.9
    soname libcudnn.so.9
    build-id aa01
    ```

    ```elf lib/python3.11/site-packages/one.cpython-311-x86_64-linux-gnu.so
    needed libcudnn.so.9
    ```

    ```elf lib/python3.11/site-packages/two.cpython-311-x86_64-linux-gnu.so
    needed libcudnn.so.9
    rpath $ORIGIN/nvidia/cudnn/lib
    ```

    ## Fix

    Take both packages from the same manager, so that they share one library.
    """
    libraries = loaders.of(prefix)
    imported = [n for n in needs(libraries) if n.kind == "extension" and n.link.provider]
    for soname, found in by_soname(imported).items():
        providers = {n.link.provider: n for n in found if n.link.provider in libraries.objects}
        if len(providers) > 1 and _clash(soname, list(providers), found, libraries):
            yield _problem(soname, list(providers.values()), libraries)


def _clash(
    soname: str, providers: Sequence[str], found: Sequence[Need], libraries: Libraries
) -> bool:
    inside = [libraries.objects[p] for p in providers if not p.startswith("/")]
    if len({_identity(library) for library in inside}) > 1:
        return True
    wanted = {v for n in found for v in libraries.objects[n.link.needer].needs.get(soname, ())}
    return any(
        wanted - library.defines
        for library in map(libraries.objects.__getitem__, providers)
        if library.defines
    )


def _identity(library: SharedObject) -> tuple[str, int]:
    """What two copies of one build share, also where their RPATH was changed."""
    return (library.build_id, 0) if library.build_id else ("", library.size)


def _problem(soname: str, rows: Sequence[Need], libraries: Libraries) -> Problem:
    picks = some(f"{need.entry} picks {need.link.provider}" for need in rows)
    return Problem(
        about=soname,
        message=f"There are different libraries {soname}, and the first import decides: {picks}",
        location=libraries.place(rows[0].link.needer),
        fix="Take the packages that need it from the same manager, or remove one copy's package.",
    )
