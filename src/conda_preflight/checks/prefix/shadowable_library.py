"""prefix/shadowable-library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Location, Manifest, Prefix, Project, Script
from conda_preflight.documents.libraries import Libraries
from conda_preflight.facts.runtime_libraries import CUDA
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, needs
from conda_preflight.report import Problem, Severity

_VARIABLE = "LD_LIBRARY_PATH"
_AFTER_IT = ("runpath", "cache", "default")


@check("prefix/shadowable-library", Severity.WARNING)
def shadowable_library(prefix: Prefix, loaders: Loaders, project: Project) -> Iterator[Problem]:
    """A library is found by RUNPATH, and LD_LIBRARY_PATH goes before that.

    RPATH is searched before LD_LIBRARY_PATH, RUNPATH after it. So one directory with another
    cuDNN in that variable (`/usr/local/cuda/lib64`) replaces the library that a wheel was
    tested with: "undefined symbol: __nvJitLinkComplete_12_4". It is a warning where the
    variable is set: by conda's own variables, in the shell that runs the audit, in a manifest,
    a Dockerfile or a script of the project. Elsewhere it is a note about the libraries of CUDA.

    ## Fails

    ```text conda-meta/history
    ```

    ```json conda-meta/state
    {"env_vars": {"LD_LIBRARY_PATH": "/usr/local/cuda/lib64"}}
    ```

    ```elf bin/tool
    interpreter /lib64/ld-linux-x86-64.so.2
    needed libpart.so.1
    runpath $ORIGIN/../lib
    ```

    ```elf lib/libpart.so.1
    soname libpart.so.1
    ```

    ```text conda-meta/history
    ```

    ```elf lib/libcudnn.so.9
    soname libcudnn.so.9
    ```

    ```elf lib/libcudnn_ops.so.9
    soname libcudnn_ops.so.9
    needed libcudnn.so.9
    runpath $ORIGIN
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```json conda-meta/state
    {"env_vars": {"LD_LIBRARY_PATH": "/usr/local/cuda/lib64"}}
    ```

    ```elf bin/tool
    interpreter /lib64/ld-linux-x86-64.so.2
    needed libpart.so.1
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libpart.so.1
    soname libpart.so.1
    ```

    ## Fix

    Do not set LD_LIBRARY_PATH for the environment; what a program needs belongs into it.
    """
    libraries = loaders.of(prefix)
    found = [need for need in needs(libraries) if _inside(need)]
    replaced = [n for n in needs(libraries) if n.link.how == _VARIABLE and _has(n, libraries)]
    places = list(_set_in(libraries, project))
    if replaced:
        yield _shadowed(replaced, libraries)
    if places and found:
        yield _may_be(found, places[0][0], places[0][1])
    elif not places and (cuda := [need for need in found if CUDA.match(need.link.soname)]):
        place = libraries.place(cuda[0].link.needer)
        yield _may_be(cuda, "a user", place, Severity.NOTE)


def _inside(need: Need) -> bool:
    """Whether the environment's own library is picked, after LD_LIBRARY_PATH was looked at."""
    provider = need.link.provider
    return need.link.how in _AFTER_IT and bool(provider) and not provider.startswith("/")


def _has(need: Need, libraries: Libraries) -> bool:
    others = libraries.inside.get(need.link.soname, ())
    return any(path != need.link.provider for path in others)


def _set_in(libraries: Libraries, project: Project) -> Iterator[tuple[str, Location]]:
    """Who sets the variable, and where."""
    if libraries.library_path:
        name = libraries.library_path_from
        yield name, libraries.place(name) if "/" in name else libraries.location
    for variable in (name for m in project.of(Manifest) for name in m.variables):
        if variable.text.startswith(f"{_VARIABLE}="):
            yield variable.location.path, variable.location
    for place in (*_exports(project), *_lines(project)):
        yield place.path, place


def _exports(project: Project) -> Iterator[Location]:
    for command in (c for file in project.of(Script) for c in file.commands):
        if any(word.startswith(f"{_VARIABLE}=") for word in command.words):
            yield command.location


def _lines(project: Project) -> Iterator[Location]:
    for dockerfile in project.of(Dockerfile):
        for line in dockerfile.instructions:
            if line.keyword == "ENV" and _VARIABLE in line.value:
                yield line.location


def _shadowed(found: Sequence[Need], libraries: Libraries) -> Problem:
    first = found[0].link
    return Problem(
        about="replaced",
        message=f"LD_LIBRARY_PATH replaces libraries of the environment: {first.needer} gets "
        f"{some(n.link.provider for n in found)}",
        location=libraries.place(first.needer),
        fix=f"Take it out of {libraries.library_path_from}.",
    )


def _may_be(
    found: Sequence[Need], who: str, place: Location, severity: Severity | None = None
) -> Problem:
    names = list(dict.fromkeys(need.link.soname for need in found))
    verb = "may set" if severity else "sets"
    return Problem(
        about=_VARIABLE,
        message=f"{who} {verb} LD_LIBRARY_PATH, which goes before the RUNPATH by which "
        f"{len(names)} libraries are found: {some(names)}",
        location=place,
        fix="Do not set LD_LIBRARY_PATH for this environment.",
        severity=severity,
    )
