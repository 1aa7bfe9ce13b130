"""What a format has no place for, of a lock that is about to be written in it."""

from __future__ import annotations

from conda_preflight.documents import Lock, Package

_EVERYWHERE = frozenset(("depends", "sha256", "md5"))
_HELD = {
    "conda-lock": _EVERYWHERE | {"category", "direct"},
    "explicit": frozenset(("sha256",)),
    "pixi": _EVERYWHERE
    | {"constrains", "size", "licence", "licence_family", "purls", "timestamp"}
    | {"noarch", "track_features", "site_packages", "requires_python", "editable"},
}
"""The facts about packages that each format keeps."""

_WORDS = {
    "depends": "the dependencies",
    "md5": "the MD5 beside a SHA-256",
    "category": "the category",
    "constrains": "the limits on packages that are not installed",
    "size": "the size",
    "licence": "the licence",
    "purls": "the names of the same projects at PyPI",
    "timestamp": "the time of the build",
    "requires_python": "the versions of python that a PyPI file is for",
    "editable": "that a folder is installed in editable mode",
}
_OF_LOCK = {
    "conda-lock": {"indexes": "the package indexes of the pip half"},
    "explicit": {"channels": "the channels", "sources": "the manifests it was made from"},
    "pixi": {"content_hash": "the digests of the manifests", "sources": "the manifests' names"},
}


def losses(lock: Lock, format_name: str) -> list[str]:
    """What is lost, each a noun with the number of packages concerned; empty for nothing."""
    held = _HELD[format_name]
    counts = {
        words: sum(_has(package, fact) for package in lock.packages)
        for fact, words in _WORDS.items()
        if fact not in held
    }
    of_lock = [words for fact, words in _OF_LOCK[format_name].items() if getattr(lock, fact)]
    return [
        *of_lock,
        *(f"{words} ({n} package{'s' * (n > 1)})" for words, n in counts.items() if n),
    ]


def unread_by_conda_lock(lock: Lock) -> list[str]:
    """The conda packages without an MD5, for which conda-lock refuses the whole file."""
    return sorted({p.name for p in lock.packages if p.manager == "conda" and not p.md5})


def _has(package: Package, fact: str) -> bool:
    if fact == "md5":
        return bool(package.md5 and package.sha256)
    if fact == "category":
        return package.category != "main"
    return bool(getattr(package, fact))
