"""target/glibc-too-old."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, mapped, package
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_VERSION = lazy_pattern(r"GLIBC_(\d{1,4}(?:\.\d{1,4}){1,2})")
_Version = tuple[int, ...]


@check("target/glibc-too-old", Severity.ERROR, reads=("glibc",))
def glibc_too_old(prefix: Prefix, loaders: Loaders, host: Host) -> Iterator[Problem]:
    """A library that is loaded needs a newer glibc than the target has.

    Then the import ends with "version `GLIBC_2.28' not found". The tag of a wheel is only a
    promise, and the highest version in it may be that of a file that nobody loads; so each
    library that an import or a command really maps is judged, and the others are notes.

    ## Fails

    ```text conda-meta/history
    ```

    ```toml preflight.toml
    targets = ["old-host.json"]
    ```

    ```json old-host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "glibc": "2.17"}
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libc.so.6
    needs libc.so.6 GLIBC_2.2.5 GLIBC_2.28
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```toml preflight.toml
    targets = ["new-host.json"]
    ```

    ```json new-host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "glibc": "2.28"}
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libc.so.6
    needs libc.so.6 GLIBC_2.2.5 GLIBC_2.28 GLIBC_ABI_DT_RELR
    ```

    ## Fix

    Take a target with that glibc, or an older version of the package. conda's packages say
    what they need: lock with `--virtual-package __glibc=2.17`.
    """
    if not host.glibc:
        raise Skip("the target does not say which glibc it has")
    libraries = loaders.of(prefix)
    limit = _numbers(host.glibc)
    rows = [
        (need, path) for path, need in mapped(libraries).items() if _above(libraries, path, limit)
    ]
    found: dict[tuple[str, bool], list[tuple[Need, str]]] = {}
    for need, path in rows:
        found.setdefault((package(path), need.is_vital), []).append((need, path))
    for (name, is_vital), group in found.items():
        if is_vital or (name, True) not in found:
            yield _problem(name, group, libraries, host)


def _above(libraries: Libraries, path: str, limit: _Version) -> _Version | None:
    """The highest version that an object needs, where the target's is lower."""
    versions = (name for names in libraries.objects[path].needs.values() for name in names)
    found = [_numbers(hit[1]) for name in versions if (hit := _VERSION.fullmatch(name))]
    highest = max(found, default=())
    return highest if highest[:2] > limit[:2] else None


def _numbers(text: str) -> _Version:
    digits = lazy_pattern(r"\d{1,9}").findall(text)
    return tuple(map(int, digits))


def _problem(
    name: str, group: Sequence[tuple[Need, str]], libraries: Libraries, host: Host
) -> Problem:
    need, first = group[0]
    highest = max(filter(None, (_above(libraries, path, ()) for _, path in group)))
    wanted = ".".join(map(str, highest))
    what = name if "/site-packages/" in first else "the package"
    rarely = "" if need.is_vital else ", where something opens it"
    return Problem(
        about=name,
        message=f"glibc {wanted} is needed by {some((path for _, path in group), 2)}{rarely}, "
        f"and the target has {host.glibc}",
        location=libraries.place(first),
        fix=f"Take an older build of {what}, or a target with glibc {wanted} or newer.",
        severity=None if need.is_vital else Severity.NOTE,
    )
