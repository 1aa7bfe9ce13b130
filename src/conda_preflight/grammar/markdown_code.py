"""The shell texts in a README: fenced and indented code blocks, with prompts taken off.

Sources: CommonMark 0.31 (fenced and indented code) and docutils (literal blocks).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.grammar.passage import Passage, Piece, passage
from conda_preflight.pattern import lazy_pattern

_FENCE = lazy_pattern(r"[ \t>]*(`{3,}|~{3,})[ \t]*([^`\n]*)")
_LITERAL = lazy_pattern(r"[ \t]*\.\.[ \t]+(?:code-block|code|sourcecode|prompt)::[ \t]*(\S*)")
_OPTION = lazy_pattern(r"[ \t]*:[a-z-]+:")
_PROMPT = lazy_pattern(
    r"[ \t]*(?:\([\w.-]{1,40}\)[ \t]*)?"
    r"(?:[\w.@:~/-]{0,60}\$|%|PS[^>\n]{0,60}>|[A-Z]:\\[^>\n]{0,60}>|>)[ \t]+"
)
_PLACEHOLDER = lazy_pattern(r"(?<![<\w])<([A-Za-z](?:[\w ./:-]{0,60}\w)?)>(?!>)")
_MAGIC = lazy_pattern(r"[ \t]*[!%](?=\w)")
_SHELLS = frozenset(
    [
        "sh",
        "bash",
        "shell",
        "zsh",
        "console",
        "terminal",
        "shell-session",
        "shellsession",
        "sh-session",
        "text",
        "powershell",
        "ps1",
        "pwsh",
        "cmd",
        "bat",
        "batch",
        "fish",
        "ksh",
        "none",
        "plaintext",
        "txt",
        "default",
        "command",
        "commandline",
        "ipython",
    ]
)


def code_of(path: str, rows: Sequence[str]) -> Iterator[Passage]:
    """The shell text of each code block that may hold one, in file order."""
    at = 0
    blank = True
    while at < len(rows):
        row = rows[at]
        if found := _FENCE.match(row):
            block, after = _fenced(rows, at + 1, found.group(1))
            if _is_shell(found.group(2)):
                yield _shell_text(path, block)
            at, blank = after, False
        elif found := _LITERAL.match(row):
            block, at = _indented(rows, at + 1, _indent(row) + 1)
            if _is_shell(found.group(1)):
                yield _shell_text(path, [piece for piece in block if not _OPTION.match(piece.text)])
        elif blank and row.strip() and _indent(row) >= 4:  # noqa: PLR2004  (CommonMark's)
            block, at = _indented(rows, at, 4)
            yield _shell_text(path, block)
        else:
            blank = not row.strip() or row.rstrip().endswith("::")
            at += 1


def _fenced(rows: Sequence[str], at: int, fence: str) -> tuple[list[Piece], int]:
    """The rows up to a fence that is as long, or up to the end."""
    block: list[Piece] = []
    while at < len(rows):
        row = rows[at]
        at += 1
        bare = row.strip(" \t>")
        if bare.startswith(fence) and not bare.strip(fence[0]):
            break
        block.append(_piece(row, at))
    return block, at


def _indented(rows: Sequence[str], at: int, least: int) -> tuple[list[Piece], int]:
    """The rows that are indented so far, with blank ones between them."""
    block: list[Piece] = []
    while at < len(rows) and (not rows[at].strip() or _indent(rows[at]) >= least):
        at += 1
        block.append(_piece(rows[at - 1], at))
    return block, at


def _piece(row: str, line: int) -> Piece:
    """The row without its indentation; a placeholder ``<NAME>``, no redirection, as ``{NAME}``."""
    start = _indent_length(row)
    text = _PLACEHOLDER.sub(lambda found: "{" + found[1].replace(" ", "_") + "}", row[start:])
    return Piece(text + "\n", line, start + 1)


def _indent_length(row: str) -> int:
    return len(row) - len(row.lstrip(" \t"))


def _indent(row: str) -> int:
    lead = row[: _indent_length(row)]
    return len(lead.expandtabs(4))


def _is_shell(info: str) -> bool:
    """A block without a language may be anything; a named one must be a shell's."""
    word = info.strip().strip("{}.").lower().split()[:1]
    return not word or word[0].partition("{")[0].strip("{}.,") in _SHELLS


def _shell_text(path: str, block: list[Piece]) -> Passage:
    """The block; where some rows have a prompt, the others are output, and left out."""
    prompted = any(_PROMPT.match(piece.text) for piece in block)
    kept: list[Piece] = []
    continued = False
    for piece in block:
        found = _PROMPT.match(piece.text) if prompted else _MAGIC.match(piece.text)
        if found:
            kept.append(_after(piece, found.end()))
        elif continued or not prompted:
            kept.append(piece)
        else:
            continue
        continued = kept[-1].text.rstrip().endswith("\\")
    return passage(path, kept)


def _after(piece: Piece, length: int) -> Piece:
    return Piece(piece.text[length:], piece.line, piece.column + length)
