"""``freeze --prove`` for people at a terminal."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from conda_preflight.proving.outcome import (
    BESIDE,
    CHANGED,
    IDLE,
    REFUSED,
    UNTRIED,
    Change,
    Proof,
    Result,
)
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number

_INDENT = "  "
_STYLES = {
    REFUSED: "passed",
    IDLE: "passed",
    CHANGED: "failed",
    BESIDE: "warned",
    UNTRIED: "skipped",
}
_SHOWN = 3


def write(proof: Proof, ink: Ink) -> str:
    """The attempts in their order, what no freeze refuses, and the verdict."""
    files = number(proof.files, "file")
    head = f"{proof.prefix}, {files}; tried in a copy by {proof.user}, who owns it"
    lines = [ink.plain(head), ""]
    for result in proof.results:
        if not result.is_beyond:
            lines += _attempt(result, ink)
    if proof.beyond:
        lines += ["", "Beyond what files of an environment can refuse:"]
        lines += [line for result in proof.beyond for line in _attempt(result, ink)]
        text = "What binds them: a read-only root file system or mount."
        lines.append(_INDENT + text)
    return "\n".join([*lines, "", *_verdict(proof, ink)]) + "\n"


def _attempt(result: Result, ink: Ink) -> Iterator[str]:
    style = _STYLES[result.verdict]
    text = f"{ink.mark(style)} {result.name}: {_said(result)}"
    yield from ink.wrap(text, _INDENT, _INDENT * 2, style)


def _said(result: Result) -> str:
    if result.verdict == CHANGED:
        tops = list(_tops(result))
        few = ", ".join(f"{each.path or '.'} ({each.what})" for each in tops[:_SHOWN])
        more = len(tops) - _SHOWN
        return f"changed it: {few}{f' and {more} more' if more > 0 else ''}"
    if result.verdict == BESIDE:
        return "changed no file of it, but installed beside it, in the home folder"
    if result.verdict == IDLE:
        return "ended well and changed nothing"
    return f"{result.verdict}: {result.reason}"


def _tops(result: Result) -> Iterator[Change]:
    """The changes without those in folders that are new or gone themselves."""
    whole = {each.path for each in result.changes if each.what in ("new", "gone")}
    for each in result.changes:
        if posixpath.dirname(each.path) not in whole:
            yield each


def _verdict(proof: Proof, ink: Ink) -> Iterator[str]:
    changed = proof.of(CHANGED)
    total = number(proof.tried, "attempt")
    untried = len(proof.of(UNTRIED))
    rest = f"; {untried} could not be made" if untried else ""
    if changed:
        text = f"Not frozen: {len(changed)} of {total} changed it{rest}."
        yield ink.paint("failed", text)
    else:
        yield ink.paint("passed", f"Frozen: 0 of {total} changed it{rest}.")
    if proof.of(BESIDE):
        yield "Python imports from its user's home folder too: PYTHONNOUSERSITE=1 keeps it off."
