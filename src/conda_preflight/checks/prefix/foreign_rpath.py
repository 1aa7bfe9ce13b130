"""prefix/foreign-rpath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.facts.optional_libraries import OPTIONAL
from conda_preflight.facts.runtime_libraries import (
    BUILD_FOLDERS,
    SYSTEM_FOLDERS,
    WRITABLE_FOLDERS,
)
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import package
from conda_preflight.report import Problem, Severity


@check("prefix/foreign-rpath", Severity.NOTE)
def foreign_rpath(prefix: Prefix, loaders: Loaders) -> Iterator[Problem]:
    """A library looks for others in a folder outside of the environment.

    What lies there is taken first, on that machine alone: the environment works where it was
    built, or takes another library than elsewhere. It is a warning where any user may write
    the folder, or where it is relative: then whoever chooses the working directory chooses
    the library. An empty entry, a slip that many packages have, is a note. Folders of
    well-known build machines, which stay behind in many packages and exist nowhere else, are
    left out, and so are the system's own.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf lib/libpart.so.1
    soname libpart.so.1
    rpath /opt/vendor/lib
    ```

    ```text conda-meta/history
    ```

    ```elf lib/libpart.so.1
    soname libpart.so.1
    runpath lib
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```elf lib/libpart.so.1
    soname libpart.so.1
    rpath $ORIGIN /home/conda/feedstock_root/build_artifacts/part/lib /usr/lib
    ```

    ## Fix

    Take another build of the package; `patchelf --set-rpath` mends one of your own.
    """
    libraries = loaders.of(prefix)
    found: dict[tuple[str, bool], dict[str, str]] = {}
    for path, library in sorted(libraries.objects.items()):
        if not path.startswith("/") and not _is_optional(path):
            for folder in (*library.rpath, *library.runpath):
                if _is_foreign(folder, prefix.root):
                    group = found.setdefault((package(path), _is_open(folder)), {})
                    group.setdefault(folder, path)
    for (name, is_open), folders in found.items():
        yield _problem(name, folders, libraries, is_open=is_open)


def _is_optional(path: str) -> bool:
    return any(row.soname == "*" and fnmatchcase(path, row.needer) for row in OPTIONAL)


def _is_foreign(folder: str, root: str) -> bool:
    if folder.startswith("$"):
        return False
    inside = folder == root or folder.startswith(f"{root}/")
    usual = any(folder.rstrip("/") == each for each in SYSTEM_FOLDERS)
    built = any(fnmatchcase(f"{folder}/", f"{pattern}") for pattern in BUILD_FOLDERS)
    return not (inside or usual or built)


def _is_open(folder: str) -> bool:
    """Whether others than an administrator may decide what lies there."""
    relative = bool(folder) and not folder.startswith("/")
    return relative or any(fnmatchcase(folder, pattern) for pattern in WRITABLE_FOLDERS)


def _problem(
    name: str, folders: Mapping[str, str], libraries: Libraries, *, is_open: bool
) -> Problem:
    paths = list(folders.values())
    told = some((folder or "an empty path" for folder in folders), 4)
    danger = ", where others may put one" if is_open else ""
    return Problem(
        about=f"{name} (writable)" if is_open else name,
        message=f"Libraries are looked for in {told}{danger}: by {some(paths, 2)}",
        location=libraries.place(paths[0]),
        fix="Take another build of the package, or mend it with patchelf --set-rpath.",
        severity=Severity.WARNING if is_open else None,
    )
