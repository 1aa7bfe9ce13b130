"""freeze/writable-prefix."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.telling import shown
from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Prefix, Project
from conda_preflight.freezing.freezes import Freezes
from conda_preflight.grammar.production import PRODUCTION, in_image, place_of
from conda_preflight.report import Problem, Severity

_COPIES = "Unfreeze it, and freeze it with --copies."


@check("freeze/writable-prefix", Severity.NOTE)
def writable_prefix(
    prefix: Prefix, project: Project, freezes: Freezes, *, production: tuple[str, ...] = ("prod",)
) -> Iterator[Problem]:
    """Files of a frozen environment can still be written.

    Marks bind those tools that look for them. What does not look (`uv pip install --target`,
    py-rattler, an editor, a `.pth` file that a script writes) is refused by the file system alone:
    files and folders without write bits.

    Told of environments that are marked as frozen, and of those of production (a name that ends in
    a purpose of `production`), where it is a warning. One that was frozen with `--for shared` was
    left writable on purpose. Who owns a file in an image is another question than here, and is not
    judged.

    ## Fails

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["share/greet.txt"]}
    ```

    ```json conda-meta/frozen
    {"message": "Change the lock and make it anew."}
    ```

    ```text share/greet.txt
    hello
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "files": ["share/greet.txt"]}
    ```

    ```text share/greet.txt
    hello
    ```

    ## Fix

    `conda-preflight freeze PREFIX`. It leaves files alone that are hard links to a cache of
    packages or to another environment, since their mode is one; with `--copies` they become
    files of its own. Root is bound by a read-only root file system alone.
    """
    if in_image(project):
        raise Skip("in an image the owner of files decides, who is not known here")
    freeze = freezes.of(prefix)
    is_production = place_of(prefix, project, production) == PRODUCTION
    if freeze.kind == "shared" or not (freeze.writable and (prefix.frozen or is_production)):
        return
    many = f"{freeze.writable:,} files and folders can be written, such as"
    lead = many if freeze.writable > 1 else "One file or folder can be written:"
    yield Problem(
        "write bits",
        f"{lead} {shown(freeze.first)}",
        Location(prefix.path),
        _COPIES if freeze.kind else f"conda-preflight freeze {prefix.path}",
        Severity.WARNING if is_production else None,
    )
