"""Which paths of a project a path in a Dockerfile, a CI file, a page or a script may mean.

A Dockerfile's files lie in its build context, which it does not name: that is taken to be
its own folder or one above, where most of what it copies lies. Commands of CI run at the top
of the repository, those of pages and scripts there or beside the file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from conda_preflight.documents import Dockerfile, Project, Script, Source, Unreadable
from conda_preflight.grammar.working_folder import UNKNOWN, joined

MAX_FOLDERS = 32
MAX_SOURCES = 200
_CI_FOLDERS = (".github/", ".gitlab/", ".circleci/", ".azure/", ".azure-pipelines/")


class Paths:
    """The paths of a project that are known: read, or under version control."""

    def __init__(self, project: Project) -> None:
        seen = (d.path for d in project.documents if isinstance(d, Source | Unreadable))
        self.known = frozenset((*seen, *(project.tracked or ())))
        self._by_name: dict[str, list[str]] = {}
        self._folders: set[str] = set()
        for path in self.known:
            self._by_name.setdefault(posixpath.basename(path), []).append(path)
            self._folders.update(above(path))
        self._readers = {d.path: d for d in project.of(Dockerfile)}
        self._scripts = {d.path: d for d in project.of(Script)}
        self._contexts: dict[str, tuple[str, ...]] = {}

    def has_name(self, written: str) -> bool:
        """Whether any folder holds a file of that last name."""
        return posixpath.basename(written.replace("\\", "/").rstrip("/")) in self._by_name

    def has(self, written: str) -> bool:
        """Whether a file of that path lies below any folder of the project.

        Folders at its front that the project has nowhere may be another checkout's.
        """
        parts = [p for p in joined("", written).split("/") if p not in ("", "..")]
        names = {posixpath.basename(folder) for folder in self._folders}
        while len(parts) > 1 and parts[0] not in names:
            parts.pop(0)
        end = "/" + "/".join(parts)
        return any(f"/{path}".endswith(end) for path in self._by_name.get("".join(parts[-1:]), ()))

    def meant(self, written: str, document: str, folder: str = "") -> Iterator[str]:
        """The paths that a document may mean by one, the likeliest first.

        ``folder`` is that of the command, as in Command.
        """
        script = self._scripts.get(document)
        if document in self._readers:
            yield from self._below(self.contexts(document), written)
        elif script and script.kind == "ci":
            yield from self._below(_tops(document), joined(folder, written))
        else:
            yield from self._near(document, "" if folder == UNKNOWN else folder, written)

    def _near(self, document: str, folder: str, written: str) -> Iterator[str]:
        """Beside the document and above, in the folder that it changed to or an end of its path."""
        if written.startswith("/"):
            folder, written = "", posixpath.basename(written)
        parts = folder.strip("/").split("/")[-MAX_FOLDERS:] if folder else []
        ends = ["/".join(parts[at:]) for at in range(len(parts) + 1)]
        for start in above(document):
            for end in ends:
                yield from self._below((posixpath.join(start, end),), written)

    def _below(self, starts: tuple[str, ...], written: str) -> Iterator[str]:
        for start in starts:
            path = joined(start, written)
            if path in self.known:
                yield path

    def contexts(self, dockerfile: str) -> tuple[str, ...]:
        """The folders that may be the build context, those where most of what is copied lies."""
        if dockerfile not in self._contexts:
            sources = copied(self._readers[dockerfile])
            score = {f: sum(self._lies(f, s) for s in sources) for f in above(dockerfile)}
            best = max(score.values())
            self._contexts[dockerfile] = tuple(f for f in score if score[f] == best)
        return self._contexts[dockerfile]

    def _lies(self, context: str, source: str) -> bool:
        path = joined(context, source)
        return path in self.known or path in self._folders


def _tops(document: str) -> tuple[str, ...]:
    """Where the commands of a CI file begin."""
    for folder in _CI_FOLDERS:
        at = f"/{document}".find(f"/{folder}")
        if at >= 0:
            return (document[: max(at - 1, 0)],)
    return above(document)


def above(path: str) -> tuple[str, ...]:
    """The folders of a path, its own first and the top, "", last."""
    folders: list[str] = []
    while path and len(folders) < MAX_FOLDERS:
        path = posixpath.dirname(path)
        folders.append(path)
    return tuple(folders)


def copied(dockerfile: Dockerfile) -> tuple[str, ...]:
    """The paths in the build context that COPY and ADD name, without patterns and variables."""
    found: list[str] = []
    for instruction in dockerfile.instructions:
        if instruction.keyword in ("COPY", "ADD") and "--from=" not in instruction.value[:400]:
            operands = [word for word in instruction.words if not word.startswith("--")]
            found.extend(word.lstrip("/") for word in operands[:-1] if "://" not in word)
    plain = (source for source in found[:MAX_SOURCES] if joined("", source) not in ("", UNKNOWN))
    return tuple(source for source in plain if "[" not in source and not source.startswith("<<"))
