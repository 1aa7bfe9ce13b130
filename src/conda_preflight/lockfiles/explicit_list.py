"""Explicit lists, one for each platform: what conda, mamba, micromamba and pixi install as is.

A digest is written ``#sha256:...``: CEP 23 allows the prefix, mamba 1 demands it, and conda
reads it since 24.9. The pip half does not fit in and is written beside it.
"""

from __future__ import annotations

from conda_preflight.documents import Lock, Package
from conda_preflight.errors import WriteError
from conda_preflight.grammar import conda_url
from conda_preflight.lockfiles.order import topological
from conda_preflight.lockfiles.platforms import by_subdir, virtual_packages

NAME = "pinned_specs.txt"
NAME_OF_SEVERAL = "conda-{}.lock"
_HEAD = """\
# This list was written by conda-preflight. It is not meant to be edited: change the
# manifest and lock again.
# $ conda create --name <env> --file <this file>"""


def write(lock: Lock) -> dict[str, str]:
    """The texts by file name; raises WriteError for what the format cannot say."""
    found = by_subdir(lock)
    alone = len(found) == 1
    return {
        NAME if alone else NAME_OF_SEVERAL.format(subdir): _text(lock, subdir, packages)
        for subdir, packages in found.items()
    }


def _text(lock: Lock, subdir: str, packages: tuple[Package, ...]) -> str:
    conda = [p for p in packages if p.manager == "conda" and not p.name.startswith("__")]
    lines = dict.fromkeys(_line(package) for package in topological(conda))
    return "\n".join((_HEAD, *_fields(lock, subdir), "@EXPLICIT", *lines, ""))


def _fields(lock: Lock, subdir: str) -> list[str]:
    """The comments that say what the list is for; none where the platform is not known."""
    if not subdir:
        return []
    hashes = {lock.subdirs.get(p, p): digest for p, digest in lock.content_hash.items()}
    digest = hashes.get(subdir, "")
    made_from = [f"# input_hash: {digest}"] if digest.isalnum() else []
    virtual = [f"# virtual package on {subdir}: {v}" for v in virtual_packages(lock, subdir)]
    return [f"# platform: {subdir}", *made_from, *virtual]


def _line(package: Package) -> str:
    url = package.url
    if not url.isprintable() or url != url.strip() or "#" in url or url.startswith("@"):
        raise WriteError(f"The URL of {package.name} holds characters that a list cannot")
    if conda_url.parse(url) is None:
        raise WriteError(
            f"{package.name} is built from source, and an explicit list holds only package files"
        )
    if package.sha256:
        return f"{url}#sha256:{package.sha256}"
    return f"{url}#{package.md5}" if package.md5 else url
