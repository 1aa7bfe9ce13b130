"""The commands of a CI file: what its steps run, and the environments that its actions make.

Sources: the syntax references of GitHub Actions, GitLab CI, Azure Pipelines and CircleCI,
and the inputs of conda-incubator/setup-miniconda, mamba-org/setup-micromamba and
prefix-dev/setup-pixi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from conda_preflight.documents import Command, Location
from conda_preflight.grammar.ci_jobs import Part, default_folder, parts_of
from conda_preflight.grammar.passage import Passage, Piece, passage
from conda_preflight.grammar.shell import commands
from conda_preflight.grammar.working_folder import joined, placed
from conda_preflight.grammar.yaml_tree import Map, Node, Scalar, Seq, locate
from conda_preflight.pattern import lazy_pattern

_TEXTS = frozenset(
    (
        "run",
        "script",
        "before_script",
        "after_script",
        "bash",
        "command",
        "powershell",
        "pwsh",
        "inlineScript",
        "install",
        "before_install",
    )
)
_BLOCK = lazy_pattern(r"(?:[&!]\S*[ \t]+){0,2}([|>])")
_MAKERS = lazy_pattern(r"conda|mamba|pixi|env", re.IGNORECASE)
_SHELLS = ("bash", "sh", "pwsh", "powershell", "cmd", "zsh", "")
_ACTIONS = (
    ("conda-incubator/setup-miniconda@", "conda", "activate-environment"),
    ("mamba-org/setup-micromamba@", "micromamba", "environment-name"),
    ("mamba-org/provision-with-micromamba@", "micromamba", "environment-name"),
)


def steps(node: Node, path: str, rows: Sequence[str]) -> Iterator[Command]:
    """Every command below a node, in file order; a part that an alias repeats counts once.

    An action stands as the command that does the same, or as ``uses`` and its name where
    that is not known but may make environments; so does the image that a job runs in.
    """
    seen: set[int] = set()
    for part in parts_of(node, rows):
        for command in _below(part, path, rows, seen):
            yield replace(command, job=part.job) if part.job else command


def _below(part: Part, path: str, rows: Sequence[str], seen: set[int]) -> Iterator[Command]:
    todo: list[Node] = [part.node]
    while todo:
        here = todo.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        below: list[Node] = []
        if isinstance(here, Map):
            yield from _action(here, path)
            for key, value in here.items():
                if key.text in _TEXTS and not isinstance(value, Map):
                    folder = joined("", default_folder(here) or part.folder or ".")
                    yield from placed(_texts(here, value, path, rows), folder)
                else:
                    below.append(value)
        elif isinstance(here, Seq):
            below.extend(here.items)
        todo.extend(reversed(below))


def _texts(step: Map, value: Node, path: str, rows: Sequence[str]) -> Iterator[Command]:
    """The commands of a text or of a list of texts, unless the step names another language."""
    words = step.text("shell").split()
    if words and words[0].rpartition("/")[2] not in _SHELLS:
        return
    todo: list[Node] = [value]
    while todo:
        here = todo.pop()
        if isinstance(here, Scalar) and not here.empty:
            yield from commands(text_of(here, path, rows))
        elif isinstance(here, Seq):
            todo.extend(reversed(here.items))


def _action(step: Map, path: str) -> Iterator[Command]:
    """What a setup action makes, what an unknown one may make, and what a container brings."""
    uses, inputs = step.text("uses"), step.get("with")
    container = step.get("container") or step.get("image")
    if image := container.text("image") if isinstance(container, Map) else _text(container):
        yield Command(("uses", f"docker://{image}"), locate(container or step, path))
    if not uses:
        return
    values = inputs if isinstance(inputs, Map) else Map(step.line, step.column)
    for start, tool, naming in _ACTIONS:
        if uses.startswith(start):
            yield from _setup(values, tool, naming, locate(step.get("uses") or step, path))
            return
    if uses.startswith("prefix-dev/setup-pixi@"):
        asked = values.text("environments")
        for word in [asked] if "${{" in asked else asked.split():
            node = values.get("environments") or values
            yield Command(("pixi", "install", "-e", word), locate(node, path))
    elif uses.startswith("./") or _MAKERS.search(uses):
        yield Command(("uses", uses), locate(step.get("uses") or step, path))


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and not node.empty else ""


def _setup(inputs: Map, tool: str, naming: str, place: Location) -> Iterator[Command]:
    """The command that does the same as a setup action with an environment file or a name."""
    file, name = inputs.get("environment-file"), inputs.text(naming)
    if isinstance(file, Scalar) and not file.empty:
        yield Command(_creation(tool, file.text, name), locate(file, place.path))
        if tool == "conda" and not inputs.get(naming):  # this action then activates another
            yield Command((tool, "create", "-n", "test"), place)
    elif name and name not in ("base", "root"):
        yield Command((tool, "create", "-n", name), place)


def _creation(tool: str, file: str, name: str) -> tuple[str, ...]:
    verb = ("env", "create") if tool == "conda" else ("create",)
    return (tool, *verb, "-f", file, *(("-n", name) if name else ()))


def text_of(node: Scalar, path: str, rows: Sequence[str]) -> Passage:
    """The text of a scalar with the lines of the file that it comes from."""
    row = rows[node.line - 1] if 0 < node.line <= len(rows) else ""
    mark = _BLOCK.match(row, node.column - 1)
    if mark and not node.plain:
        return _block(node, path, rows, folded=mark.group(1) == ">")
    if row[node.column - 1 :].startswith(node.text) or "\n" not in node.text:
        quote = 0 if node.plain else 1
        return passage(path, [Piece(node.text, node.line, node.column + quote)])
    lines = node.text.split("\n")
    return passage(path, [Piece(line + "\n", node.line, node.column) for line in lines])


def _block(node: Scalar, path: str, rows: Sequence[str], *, folded: bool) -> Passage:
    """The rows of a block scalar; folding joins those that stand at the same indentation."""
    pieces: list[Piece] = []
    words = [line for line in node.text.split("\n") if line.strip()]
    indent = -1
    at = node.line
    left = sum(len("".join(line.split())) for line in words)
    while at < len(rows) and left > 0:
        row = rows[at]
        at += 1
        lead = len(row) - len(row.lstrip(" "))
        indent = lead if indent < 0 and row.strip() else indent
        start = min(lead, indent) if indent >= 0 else 0
        left -= len("".join(row.split()))
        pieces.append(Piece(row[start:] + "\n", at, start + 1))
    if folded:
        following = [*pieces, None][1:]
        pieces = [_folded(*pair) for pair in zip(pieces, following, strict=True)]
    return passage(path, pieces)


def _folded(piece: Piece, after: Piece | None) -> Piece:
    plain = bool(piece.text.strip()) and not piece.text.startswith((" ", "\t"))
    joined = after is not None and bool(after.text.strip()) and not after.text[:1].isspace()
    return Piece(piece.text[:-1] + " ", piece.line, piece.column) if plain and joined else piece
