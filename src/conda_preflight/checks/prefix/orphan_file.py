"""prefix/orphan-file."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.inventories import Inventories
from conda_preflight.accounting.orphans import (
    Modules,
    grouped,
    is_archive,
    is_known,
    left_by,
    modules,
    role,
    runs_unasked,
)
from conda_preflight.accounting.telling import place, shown
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import ORPHAN
from conda_preflight.report import Problem, Severity

_FIX = "Find out who put it there and remove it, or bring it by a package."


@check("prefix/orphan-file", Severity.WARNING)
def orphan_file(
    prefix: Prefix,
    verifications: Verifications,
    inventories: Inventories,
    *,
    known: tuple[str, ...] = (
        "CACHEDIR.TAG",
        ".condarc",
        ".messages.txt",
        ".nonadmin",
        "lib/python*/EXTERNALLY-MANAGED",
        "pip.conf",
        "*/__pycache__/*.nb[ic]",
        "lib/gdk-pixbuf-2.0/*/loaders.cache",
        "lib/gtk-*/*/immodules.cache",
        "share/applications/mimeinfo.cache",
        "share/glib-2.0/schemas/gschemas.compiled",
        "share/icons/*/icon-theme.cache",
        "share/info/dir",
        "share/mime/*",
        "var/cache/*",
    ),
) -> Iterator[Problem]:
    """A file of the environment belongs to no package.

    It is in no lock, so it is not there on the next machine, and nobody updates it. It is an error
    where it can be run: a program in `bin`, a library in `lib`, a module; the more so where
    it is imported in place of a module that a package brought. Compiled Python files, what tools
    keep in `conda-meta`, and the globs of `known` (caches that packages make when they are
    installed) are not told.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["bin/greet"]}
    ```

    ```sh bin/greet 0755
    echo hello
    ```

    ```sh bin/salute 0755
    echo HELLO
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["bin/greet"]}
    ```

    ```sh bin/greet 0755
    echo hello
    ```

    ## Fix

    Remove it, or bring it by a package. What a tool of yours makes in every environment is named
    in `known`, which replaces the list: copy what you need of it.
    """
    accounts = verifications.of(prefix)
    paths = [
        each.path
        for each in accounts.of(ORPHAN)
        if not is_known(each.path, known)
        and not runs_unasked(each.path, accounts.site_packages)
        and not left_by(each.path, accounts.site_packages)
        and not is_archive(each.path)
    ]
    if not paths:
        return
    inventory = inventories.of(prefix)
    owned = (file.path for owner in inventory.owners for file in owner.files)
    order = modules(inventory)
    for top, group in grouped(paths, owned):
        yield _problem(prefix.path, top, group, order)


def _problem(prefix: str, top: str, group: list[str], order: Modules) -> Problem:
    found = next(((p, s) for p in group if (s := order.shadowed(p))), None)
    code = next(((p, r) for p in group if (r := role(p))), None)
    where, many = shown(top), f", {len(group):,} files," if len(group) > 1 else ""
    if found:
        first, other = shown(found[0]), shown(found[1])
        what = f"and {'' if found[0] == top else f'{first} '}is imported in place of {other}"
    elif code:
        what = f"and {'is' if code[0] == top else f'holds {shown(code[0])}, which is'} {code[1]}"
    else:
        what = ""
    message = f"{where}{many} belongs to no package {what}".strip()
    severity = Severity.ERROR if found or code else _lighter(group)
    return Problem(where, message, place(prefix, group[0]), _FIX, severity)


def _lighter(group: list[str]) -> Severity:
    """Compiled code whose source is gone is never loaded."""
    is_left = all("__pycache__/" in path and path.endswith(".pyc") for path in group)
    return Severity.NOTE if is_left else Severity.WARNING
