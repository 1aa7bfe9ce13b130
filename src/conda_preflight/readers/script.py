"""Files that tell people or machines what to run: READMEs, CI files, shell scripts, Makefiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conda_preflight.documents import Command, Location, Script, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar.ci_steps import steps
from conda_preflight.grammar.installs import install_of
from conda_preflight.grammar.markdown_code import code_of
from conda_preflight.grammar.passage import Passage, Piece, passage, passage_of
from conda_preflight.grammar.shell import commands
from conda_preflight.grammar.working_folder import placed
from conda_preflight.grammar.yaml_tree import load
from conda_preflight.pattern import lazy_pattern

MAX_TEXT = 1024 * 1024
"""Characters of the longest file that is taken for a script or a page for people."""

_TOOLS = lazy_pattern(r"conda|mamba|pip|pixi|poetry|uv|activate")
_CI = lazy_pattern(
    r"(?:^|/)(?:\.github/(?:workflows/[^/]+|actions/[^/]+/action)|\.gitlab-ci|\.gitlab/[^/]+"
    r"|azure-pipelines[^/]*|\.?azure[^/]*/[^/]+|\.circleci/[^/]+|\.travis|action)\.ya?ml$"
)
_JOBS = lazy_pattern(r"^(?:jobs|steps|stages|runs|before_script|script)[ \t]*:", re.MULTILINE)
_STEPS = lazy_pattern(
    r"^[ \t-]*(?:run|script|uses|bash|command|before_script)[ \t]*:", re.MULTILINE
)
_PAGES = ("", ".md", ".markdown", ".mkd", ".rst", ".txt")
_PAGE_NAME = lazy_pattern(r"(?:readme|install)[a-z_-]{0,20}")
_SHEBANG = lazy_pattern(r"#![^\n]{0,80}\b(?:ba|z|k|da)?sh\b")


def recognizes(source: Source) -> bool:
    """A README, and a page, CI file or script by its name that names an installer.

    It is no longer than MAX_TEXT.
    """
    if len(source.text) > MAX_TEXT:
        return False
    base = source.path.rpartition("/")[2].lower()
    readme = base.partition(".")[0] == "readme"
    return bool((readme or _TOOLS.search(source.text)) and _kind(source))


def read(source: Source) -> list[Script]:
    """One Script, without commands where none of them concerns an environment.

    Raises ReadError for a CI file that is no YAML, and for a text longer than MAX_TEXT.
    """
    if len(source.text) > MAX_TEXT:
        raise ReadError("This file is longer than a script or a page for people ever is")
    kind = _kind(source) or "script"
    found = tuple(_commands(source, kind))
    concerned = any(install_of(command) for command in found)
    place = Location(source.path, 1, 1)
    return [Script(source.path, kind, place, found if concerned else ())]


def _kind(source: Source) -> str:
    path = source.path.lower()
    base = path.rpartition("/")[2]
    stem, dot, suffix = base.rpartition(".")
    if _is_make(base) or suffix in ("sh", "bash") or _SHEBANG.match(source.text):
        return "script"
    if suffix in ("yml", "yaml"):
        head = source.text[:200_000]
        by_content = _JOBS.search(head) and _STEPS.search(head)
        return "ci" if _CI.search(path) or by_content else ""
    name, ending = (stem, dot + suffix) if dot and stem else (base, "")
    page = ending in (".md", ".markdown", ".mkd")
    named = ending in _PAGES and _PAGE_NAME.fullmatch(name.partition(".")[0])
    return "readme" if page or named else ""


def _is_make(base: str) -> bool:
    return base in ("makefile", "gnumakefile") or base.endswith(".mk")


def _commands(source: Source, kind: str) -> Iterator[Command]:
    if kind == "readme":
        blocks = code_of(source.path, source.lines)
        yield from placed(command for text in blocks for command in commands(text))
    elif kind == "ci":
        for node in load(source.text).documents:
            yield from steps(node, source.path, source.lines)
    elif _is_make(source.path.lower().rpartition("/")[2]):
        yield from commands(_recipes(source))
    else:
        yield from placed(commands(passage_of(source.path, source.text)))


def _recipes(source: Source) -> Passage:
    """The recipe lines of a Makefile, which begin with a tab, without ``@``, ``-`` and ``+``."""
    pieces: list[Piece] = []
    continued = False
    for number, row in enumerate(source.lines, 1):
        if row.startswith("\t") or continued:
            text = row if continued else row.lstrip("\t @-+")
            pieces.append(Piece(text.replace("$$", "$") + "\n", number, len(row) - len(text) + 1))
            continued = row.endswith("\\")
    return passage(source.path, pieces)
