"""``freeze --prove`` for people at a terminal."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from conda_preflight.answers.phrases import told
from conda_preflight.language import say, word
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
from conda_preflight.writers.wording import number, several

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
    template = "{prefix}, {files}; tried in a copy by {user}, who owns it"
    head = say(template, prefix=proof.prefix, files=files, user=proof.user)
    lines = [ink.plain(head), ""]
    for result in proof.results:
        if not result.is_beyond:
            lines += _attempt(result, ink)
    if proof.beyond:
        lines += ["", word("Beyond what files of an environment can refuse:")]
        lines += [line for result in proof.beyond for line in _attempt(result, ink)]
        text = "What binds them: a read-only root file system or mount."
        lines.append(_INDENT + word(text))
    return "\n".join([*lines, "", *_verdict(proof, ink)]) + "\n"


def _attempt(result: Result, ink: Ink) -> Iterator[str]:
    style = _STYLES[result.verdict]
    text = say("{about}: {why}", about=told(result.name), why=_said(result))
    yield from ink.wrap(f"{ink.mark(style)} {text}", _INDENT, _INDENT * 2, style)


def _said(result: Result) -> str:
    if result.verdict == CHANGED:
        tops = list(_tops(result))
        few = several(f"{each.path or '.'} ({word(each.what)})" for each in tops[:_SHOWN])
        more = len(tops) - _SHOWN
        some = say("{names} and {count} more", names=few, count=more) if more > 0 else few
        return say("changed it: {names}", names=some)
    if result.verdict == BESIDE:
        return word("changed no file of it, but installed beside it, in the home folder")
    if result.verdict == IDLE:
        return word("ended well and changed nothing")
    return say("{about}: {why}", about=word(result.verdict), why=told(result.reason))


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
    rest = say("; {count} could not be made", count=untried) if untried else ""
    if changed:
        text = "Not frozen: {count} of {total} changed it{rest}."
        yield ink.paint("failed", say(text, count=len(changed), total=total, rest=rest))
    else:
        text = "Frozen: 0 of {total} changed it{rest}."
        yield ink.paint("passed", say(text, total=total, rest=rest))
    if proof.of(BESIDE):
        off = "Python imports from its user's home folder too: PYTHONNOUSERSITE=1 keeps it off."
        yield word(off)
