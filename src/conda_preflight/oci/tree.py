"""The file system of an image: layers laid over each other, before anything is unpacked.

Source: https://github.com/opencontainers/image-spec/blob/main/layer.md.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from conda_preflight.errors import ReadError

MAX_DEPTH = 200
MAX_LINKS = 40
_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"
FILE, LINK, HARD, FOLDER = "file", "link", "hard", "folder"


class Member(NamedTuple):
    """One member of a layer's tar; ``number`` counts the members of the layer from 0."""

    path: str
    kind: str
    mode: int
    size: int
    target: str
    number: int


class Node(NamedTuple):
    """A file or a link in the end: which member of which layer it is."""

    layer: int
    member: Member


@dataclass(slots=True, eq=False)
class Directory:
    """A folder of the file system."""

    mode: int = 0o755
    children: dict[str, Directory | Node] = field(default_factory=dict)


class Tree:
    """What the layers that were laid so far leave; links are followed inside of it alone."""

    def __init__(self) -> None:
        self.root = Directory()
        self._layers = 0

    def lay(self, members: Iterable[Member]) -> None:
        """Lay a layer over the others; raises ReadError for paths that lead out."""
        rows = [(parts(member.path), member) for member in members]
        for path, _ in rows:
            if path and path[-1].startswith(_WHITEOUT):
                self._remove(path)
        for path, member in rows:
            if path and not path[-1].startswith(_WHITEOUT):
                self._add(path, member)
        self._layers += 1

    def files(self) -> Iterator[tuple[str, Directory | Node]]:
        """Everything by path, folders before what is in them."""
        todo = [("", self.root)]
        while todo:
            lead, folder = todo.pop()
            for name, child in folder.children.items():
                yield f"{lead}{name}", child
                if isinstance(child, Directory):
                    todo.append((f"{lead}{name}/", child))

    def find(self, path: str) -> Directory | Node | None:
        """What is at a path, links of folders followed."""
        *folders, name = parts(path) or [""]
        folder = self._folder(folders, make=False)
        return folder.children.get(name) if folder and name else folder

    def _remove(self, path: list[str]) -> None:
        folder = self._folder(path[:-1], make=False)
        if folder is None:
            return
        if path[-1] == _OPAQUE:
            folder.children.clear()
        else:
            folder.children.pop(path[-1].removeprefix(_WHITEOUT), None)

    def _add(self, path: list[str], member: Member) -> None:
        folder = self._folder(path[:-1], make=True)
        if folder is None:
            raise ReadError(f"A folder of the image leads nowhere: {member.path[:200]!r}")
        name, before = path[-1], folder.children.get(path[-1])
        if member.kind == FOLDER:
            here = before if isinstance(before, Directory) else Directory()
            here.mode = member.mode
            folder.children[name] = here
        elif member.kind == HARD:
            target = self.find(member.target)
            if isinstance(target, Node):
                folder.children[name] = target
        else:
            folder.children[name] = Node(self._layers, member)

    def _folder(self, path: list[str], *, make: bool) -> Directory | None:
        """The folder at a path; ``make`` puts folders where none are."""
        todo, trail, hops = list(reversed(path)), [self.root], 0
        while todo:
            name = todo.pop()
            if name == "..":
                trail = trail[:-1] or [self.root]
                continue
            child = trail[-1].children.get(name)
            if isinstance(child, Node) and child.member.kind == LINK:
                hops += 1
                if hops > MAX_LINKS:
                    return None
                target = child.member.target
                trail = [self.root] if target.startswith("/") else trail
                todo.extend(reversed([each for each in target.split("/") if each not in ("", ".")]))
                continue
            if not isinstance(child, Directory):
                if not make:
                    return None
                child = trail[-1].children[name] = Directory()
            trail.append(child)
            if len(trail) > MAX_DEPTH:
                return None
        return trail[-1]


def parts(path: str) -> list[str]:
    """The names in a path; raises ReadError where it leads out or holds what no path can."""
    found = posixpath.normpath(path.lstrip("/")).split("/") if path.strip("/") else []
    if ".." in path.split("/") or "\0" in path or len(found) > MAX_DEPTH:
        raise ReadError(f"The image wants to write outside of it: {path[:200]!r}")
    return [name for name in found if name != "."]
