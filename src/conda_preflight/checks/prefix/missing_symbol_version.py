"""prefix/missing-symbol-version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.grammar.lock_file import some
from conda_preflight.loading.loaders import Loaders
from conda_preflight.loading.questions import Need, needs
from conda_preflight.report import Problem, Severity


@check("prefix/missing-symbol-version", Severity.ERROR)
def missing_symbol_version(prefix: Prefix, loaders: Loaders) -> Iterator[Problem]:
    """A library that is picked lacks a symbol version that is needed of it.

    The dynamic loader refuses such a file: "version `GLIBCXX_3.4.30' not found". It comes
    from a wheel or a build that is newer than the libstdc++ of the environment, or than the
    system beside it. The library that is really picked is judged, for each file alone. It is
    a warning for files that nothing loads at an import. The C library of a target is judged
    by `target/glibc-too-old`.

    ## Fails

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libstdc++.so.6
    soname libstdc++.so.6
    defines GLIBCXX_3.4 GLIBCXX_3.4.29
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libstdc++.so.6
    needs libstdc++.so.6 GLIBCXX_3.4 GLIBCXX_3.4.30
    ```

    ## Passes

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    rpath $ORIGIN/../lib
    ```

    ```elf lib/libstdc++.so.6
    soname libstdc++.so.6
    defines GLIBCXX_3.4 GLIBCXX_3.4.30
    ```

    ```elf lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so
    needed libstdc++.so.6
    needs libstdc++.so.6 GLIBCXX_3.4.30
    weak libstdc++.so.6 GLIBCXX_9.9
    ```

    A library without any versions is taken as it is.

    ```text conda-meta/history
    ```

    ```elf bin/python3.11
    interpreter /lib64/ld-linux-x86-64.so.2
    needed libplain.so.1
    rpath $ORIGIN/../lib
    needs libplain.so.1 PLAIN_1.0
    ```

    ```elf lib/libplain.so.1
    soname libplain.so.1
    ```

    ## Fix

    Update the package that holds the library (`libstdcxx-ng`, `libgcc-ng`), or take a build
    of the other one that was made for it.
    """
    libraries = loaders.of(prefix)
    found: dict[tuple[str, str], list[Need]] = {}
    for need in needs(libraries):
        if _lacking(need, libraries):
            found.setdefault((need.link.soname, need.link.provider), []).append(need)
    for rows in found.values():
        yield _problem(rows, libraries)


def _lacking(need: Need, libraries: Libraries) -> tuple[str, ...]:
    """The versions that the picked library does not define; one without any defines all."""
    provider = libraries.objects.get(need.link.provider)
    needer = libraries.objects[need.link.needer]
    if provider is None or not provider.defines:
        return ()
    wanted = needer.needs.get(need.link.soname, ())
    return tuple(name for name in wanted if name not in provider.defines)


def _problem(rows: Sequence[Need], libraries: Libraries) -> Problem:
    first = rows[0]
    versions = some(sorted({name for need in rows for name in _lacking(need, libraries)}), 4)
    who = some((need.link.needer for need in rows), 2)
    return Problem(
        about=f"{first.link.soname} for {first.link.needer}",
        message=f"{versions} of {first.link.soname} is needed by {who}, and "
        f"{first.link.provider}, which is picked, does not have it",
        location=libraries.place(first.link.needer),
        fix=f"Update what provides {first.link.soname}, or take an older build of the other.",
        severity=None if first.is_vital else Severity.WARNING,
    )
