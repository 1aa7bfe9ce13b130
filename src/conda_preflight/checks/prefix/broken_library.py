"""prefix/broken-library."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, needs
from conda_preflight.report import Problem, Severity


@check("prefix/broken-library", Severity.ERROR)
def broken_library(prefix: Prefix, loaders: Loaders) -> Iterator[Problem]:
    """A library cannot be loaded: it is cut off, or no library at all.

    A download that broke off, a full disk or a link that became a text file leaves such files.
    Where the loader finds one, it does not look further: "invalid ELF header" or "file too
    short". Text files that linkers read (`libx.so` with `INPUT(...)`) are no libraries and
    nobody loads them.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf bin/tool
    interpreter /lib64/ld-linux-x86-64.so.2
    needed libcut.so.1
    rpath $ORIGIN/../lib
    ```

    ```text lib/libcut.so.1
    version https://git-lfs.github.com/spec/v1
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```elf bin/tool
    interpreter /lib64/ld-linux-x86-64.so.2
    needed libwhole.so.1
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libwhole.so.1
    soname libwhole.so.1
    ```

    ```text lib/libwhole.so
    INPUT(libwhole.so.1)
    ```

    ## Fix

    Install the package anew, or rebuild the environment from its lock.
    """
    libraries = loaders.of(prefix)
    if not libraries.is_whole:
        yield _unseen(libraries)
    met = {n.link.provider: n for n in reversed(needs(libraries)) if n.link.how == "broken"}
    for path in sorted({*libraries.broken, *met}):
        why = libraries.broken.get(path) or _met(met[path])
        yield Problem(
            about=path,
            message=f"{path} cannot be loaded. {why}",
            location=libraries.place(path.lstrip("/")),
            fix="Install its package anew, or rebuild the environment from its lock.",
        )


def _unseen(libraries: Libraries) -> Problem:
    return Problem(
        about="too many",
        message="There are more libraries and programs here than were looked at",
        location=libraries.location,
        fix="Audit a prefix that holds one environment and nothing else.",
        severity=Severity.WARNING,
    )


def _met(need: Need) -> str:
    return f"It is found for {need.link.needer}, and {need.link.folder}"
