"""Commands that add to an environment which one before them made from a file of the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.documents import Dockerfile, Lock, Manifest, Script
from conda_preflight.grammar.ci_jobs import SHARED
from conda_preflight.grammar.image_install import steps
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.grammar.written_file import Files, Read
from conda_preflight.plain import document_type

_MAKERS = frozenset(("conda", "mamba", "micromamba", "conda-lock"))


@document_type
class Base:
    """What an environment was made from: these locks, or the manifests where nothing locks them."""

    locks: tuple[Lock, ...]
    manifests: tuple[Manifest, ...]


@document_type
class _Made:
    env: str
    base: Base

    @property
    def names(self) -> frozenset[str]:
        """How commands after it name it: as it was made, else as its manifest does, or not."""
        own = frozenset(m.name.text for m in self.base.manifests if m.name)
        return frozenset(("", self.env)) if self.env else own | {""}


def added(document: Dockerfile | Script, files: Files) -> Iterator[tuple[Install, Base]]:
    """Each command that adds packages, with what its environment was made from.

    One image of a Dockerfile and one job of a CI file know nothing of the others.
    """
    made: dict[str, _Made] = {}
    for tree, install, names in _in_order(document):
        here = made.get(tree) or made.get(SHARED)
        if install.tool in _MAKERS and (install.action == "create" or names):
            base = _base(read for name in names for read in files.read(name, document.path, ""))
            made.pop(tree, None)
            if base:
                made[tree] = _Made(install.env, base)
        elif here and install.env in here.names:
            yield install, here.base
        elif install.action == "activate":
            made.pop(tree, None)


def _in_order(
    document: Dockerfile | Script,
) -> Iterator[tuple[str, Install, tuple[str, ...]]]:
    """The installs with the tree that they are in, and their files by the names in the project."""
    if isinstance(document, Script):
        for command in document.commands:
            if install := install_of(command):
                yield install.job, install, install.files
        return
    for step in steps(document):
        for install in step.installs:
            names = [step.supply.original(file, install.folder) for file in install.files]
            yield f"image {step.stage.trunk}", install, tuple(names)


def _base(reads: Iterable[Read]) -> Base | None:
    found = list(reads)
    locks = tuple(doc for doc in found if isinstance(doc, Lock))
    manifests = tuple(doc for doc in found if isinstance(doc, Manifest))
    return Base(locks, manifests) if locks or manifests else None
