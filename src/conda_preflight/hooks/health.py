"""The checks of an environment in ``conda doctor``, quick ones that read and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

FAMILIES = {
    "prefix": "Are the files as conda recorded them, and do packages fit each other?",
    "drift": "Is it what the lock of the project in this folder says?",
    "freeze": "Could a tool still change it, where it was frozen?",
}


def report(family: str) -> Callable[[str, bool], None]:
    """The action of a health check: prints what the audit of this family says."""

    def action(prefix: str, verbose: bool) -> None:  # noqa: FBT001  (conda's signature)
        from conda_preflight.cli import run

        print(f"preflight-{family}:", flush=True)  # noqa: T201  (conda's report is printed)
        where = [prefix]
        if family == "drift":
            if not _is_of(Path(), Path(prefix)):
                print(_NO_PROJECT.format(Path(prefix).name))  # noqa: T201
                return
            where = [".", "--prefix", prefix]
        words = ["audit", *where, "--select", family, "--quick", "--offline", "--no-ledger"]
        run([*words, "--no-solve", "-v" if verbose else "-q"])
        print()  # noqa: T201

    return action


_NO_PROJECT = "not checked, since no manifest in this folder is named {!r}.\n"


def _is_of(folder: Path, prefix: Path) -> bool:
    """Whether a manifest in the folder names this environment."""
    from conda_preflight.config import settings
    from conda_preflight.documents import Manifest
    from conda_preflight.project import open_project

    documents = open_project(folder, settings(folder)).documents
    names = {document.name for document in documents if isinstance(document, Manifest)}
    return prefix.name in {str(getattr(name, "text", name)) for name in names if name}
