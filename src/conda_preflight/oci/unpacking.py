"""Unpacks the part of an image that an audit looks at, without root and within limits."""

from __future__ import annotations

import os
import posixpath
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from conda_preflight.errors import ReadError
from conda_preflight.oci.inflating import Inflated, Pieces
from conda_preflight.oci.safe_tar import members
from conda_preflight.oci.stored import Stored, StoredLayer
from conda_preflight.oci.tree import FILE, FOLDER, HARD, LINK, Directory, Member, Node, Tree

MAX_FILES = 1_000_000
MAX_UNPACKED = 128 * 1024**3
_LIBRARIES = ("lib", "lib32", "lib64", "usr/lib", "usr/lib32", "usr/lib64", "usr/local")
_SYSTEM = (*_LIBRARIES, "bin", "etc", "opt", "sbin", "usr/bin")
_NEVER = ("usr/local/share",)
_SKIPPED = "pkgs"
_KINDS = {
    tarfile.DIRTYPE: FOLDER,
    tarfile.SYMTYPE: LINK,
    tarfile.LNKTYPE: HARD,
    tarfile.REGTYPE: FILE,
    tarfile.AREGTYPE: FILE,
    tarfile.CONTTYPE: FILE,
}
Told = Callable[[str, int, int], None]


def index(image: Stored, told: Told) -> Tree:
    """What is where in an image, once every layer has been read and found to be what it says.

    Raises ReadError for damage, paths that lead out, and more than an image can hold. Nothing
    is written; devices and pipes are left out.
    """
    tree, count = Tree(), 0
    for number, layer in enumerate(image.layers):
        told("Reading layers", number, len(image.layers))
        found = _listed(layer, MAX_FILES - count)
        count += len(found)
        tree.lay(found)
    return tree


def prefixes(tree: Tree) -> list[str]:
    """The environments of an image: folders with records in a ``conda-meta``, by path."""
    found = []
    for path, node in tree.files():
        lead, _, name = path.rpartition("/")
        if name == "conda-meta" and isinstance(node, Directory) and not _is_cached(lead):
            known = any(each.endswith(".json") or each == "history" for each in node.children)
            found += [lead] if known and lead else []
    return sorted(found)


def unpack(image: Stored, tree: Tree, environments: list[str], folder: Path, told: Told) -> None:
    """Write environments and the system around them below an empty folder; raises ReadError."""
    wanted = [(p, n) for p, n in tree.files() if _is_wanted(p, environments)]
    size = sum(n.member.size for _, n in wanted if isinstance(n, Node) and n.member.kind == FILE)
    free = shutil.disk_usage(folder).free
    if size > min(MAX_UNPACKED, free):
        raise ReadError(
            f"What is to be looked at has {size >> 20} MiB, and {free >> 20} MiB are free",
            "Free some space, or set TMPDIR.",
        )
    try:
        _write(image, wanted, folder, told)
    except OSError as error:
        raise ReadError(f"The image cannot be unpacked: {error.strerror or error}") from None


def _listed(layer: StoredLayer, limit: int) -> list[Member]:
    packed = Pieces(layer.pieces())
    found: list[Member] = []
    plain = Inflated(packed)
    with members(plain) as opened:
        for number, info in enumerate(opened):
            if number >= limit:
                raise ReadError("The image holds more files than any image has")
            opened.members = []  # it would keep them all
            kind = _KINDS.get(info.type)
            if kind:
                found.append(
                    Member(info.name, kind, info.mode & 0o777, info.size, info.linkname, number)
                )
        plain.drain()
    told = layer.blob.digest
    if (told and told != packed.digest) or plain.diff_id != layer.diff_id:
        raise ReadError(
            f"A layer of this image is damaged: {told or layer.diff_id} is another file than it"
            " says",
            "Pull or write the image once more.",
        )
    return found


def _is_cached(path: str) -> bool:
    """Whether a path lies in a cache of unpacked packages, which have folders like prefixes."""
    return f"/{_SKIPPED}/" in f"/{path}/"


def _is_wanted(path: str, environments: list[str]) -> bool:
    inside = [each for each in environments if _is_below(path, each)]
    if inside:
        return not _is_below(path, f"{max(inside, key=len)}/{_SKIPPED}")
    if any(_is_below(path, each) for each in _NEVER):
        return False
    leads = any(_is_below(each, path) for each in (*environments, *_SYSTEM))
    return leads or any(_is_below(path, each) for each in _SYSTEM)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _write(
    image: Stored, wanted: list[tuple[str, Directory | Node]], folder: Path, told: Told
) -> None:
    """Folders, then files, then links: so nothing is ever written through a link."""
    places: dict[int, dict[int, list[str]]] = {}
    links: list[tuple[str, str]] = []
    for path, node in wanted:
        if isinstance(node, Directory):
            (folder / path).mkdir(parents=True, exist_ok=True)
        elif node.member.kind == LINK:
            links.append((path, node.member.target))
        else:
            places.setdefault(node.layer, {}).setdefault(node.member.number, []).append(path)
    for number, layer in enumerate(image.layers):
        told("Unpacking", number, len(image.layers))
        if number in places:
            _extract(layer, places[number], folder)
    for path, target in links:
        (folder / posixpath.dirname(path)).mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to(target)


def _extract(layer: StoredLayer, places: dict[int, list[str]], folder: Path) -> None:
    left = len(places)
    with members(Inflated(Pieces(layer.pieces()))) as opened:
        for number, info in enumerate(opened):
            opened.members = []
            if number not in places:
                continue
            first, *others = (folder / path for path in places[number])
            _file(first, opened.extractfile(info), info.mode)
            for other in others:
                other.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(first, other)
            left -= 1
            if not left:
                return


def _file(place: Path, stream: IO[bytes] | None, mode: int) -> None:
    """A new file that its owner can read, whatever the image says."""
    place.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(place, flags, 0o600), "wb") as file:
        if stream is not None:
            shutil.copyfileobj(stream, file, 1 << 20)
        os.fchmod(file.fileno(), (mode & 0o777) | 0o600)
