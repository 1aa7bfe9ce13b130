"""What a ``kustomization.yaml`` writes over the manifests that it puts together.

Source: "images" of the reference of Kustomize: ``name``, and ``newName``, ``newTag``, ``digest``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from conda_preflight.documents import Project, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar.yaml_tree import Map, Seq, load

NAMES = ("kustomization.yaml", "kustomization.yml")
MAX_TEXT = 256 * 1024
"""Characters of a file that is looked at; one that people keep is far shorter."""


def is_kustomization(path: str) -> bool:
    """Whether a file has the name that Kustomize looks for."""
    return path.rpartition("/")[2].lower() in NAMES


@lru_cache(maxsize=2)
def replaced_images(project: Project) -> frozenset[str]:
    """The images, by name without tag, that some kustomization gives a tag or a digest."""
    files = [s for s in project.of(Source) if is_kustomization(s.path) and len(s.text) <= MAX_TEXT]
    return frozenset(name for source in files for name in _names(source))


def _names(source: Source) -> Iterator[str]:
    try:
        tops = load(source.text).documents
    except ReadError:
        return  # a template, or broken: then nothing is known to be replaced
    for top in tops:
        images = top.get("images") if isinstance(top, Map) else None
        for entry in images.items if isinstance(images, Seq) else ():
            if isinstance(entry, Map) and _is_fixed(entry):
                yield entry.text("name").lower()


def _is_fixed(entry: Map) -> bool:
    return bool(entry.text("digest")) or entry.text("newTag") not in ("", "latest")
