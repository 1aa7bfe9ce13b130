"""``lock`` for people at a terminal: what was locked, or why nothing could be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from conda_preflight.answers.phrases import told
from conda_preflight.documents import Spec
from conda_preflight.grammar.url import redact
from conda_preflight.language import say, word
from conda_preflight.solving.explanation import Explanation, explain
from conda_preflight.solving.locked import Locked, moved
from conda_preflight.solving.locking import Half, Refused
from conda_preflight.solving.pip_half import Unresolvable
from conda_preflight.solving.question import Unsolvable, Untried
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number, several

_INDENT = "  "
MAX_LINES = 12
ERRORS = "errors/*"
_ELSEWHERE = (
    "It has a solution on a machine with {machine}: name that with --target, "
    "or use --virtual-package {machine}."
)


def write(done: Locked, changed: Sequence[Path], ink: Ink, *, dry_run: bool) -> tuple[str, int]:
    """The lines to show, and the exit code: 0 locked, 1 no solution, 2 not tried."""
    blocks = [list(_refused(each, done, ink)) for each in done.refused]
    blocks += [list(_half(each, ink)) for each in done.halves]
    if done.lock is not None:
        blocks.append(list(_written(done, changed, ink, dry_run=dry_run)))
    text = "\n\n".join("\n".join(block) for block in blocks if block)
    return text + "\n", _code(done)


def _code(done: Locked) -> int:
    if not done.refused:
        return 0
    return 2 if all(isinstance(each.answer, Untried) for each in done.refused) else 1


def _half(half: Half, ink: Ink) -> Iterator[str]:
    pip = sum(p.manager == "pypi" for p in half.packages)
    has = number(len(half.packages) - pip, "conda package")
    if pip:
        has = say("{packages} and {count} from the package index", packages=has, count=pip)
    half_of = say("{platform}: {packages}", platform=half.platform, packages=has)
    yield _marked("passed", half_of, ink)
    for note in half.notes:
        yield from ink.wrap(told(note), _INDENT)


def _written(done: Locked, changed: Sequence[Path], ink: Ink, *, dry_run: bool) -> Iterator[str]:
    if done.lock is not None:
        rows = moved(done.before, done.lock)
        for name, old, new in rows[:MAX_LINES]:
            yield ink.plain(f"{_INDENT}{name} {old} -> {new}")
        if len(rows) > MAX_LINES:
            yield _INDENT + say("and {more}", more=number(len(rows) - MAX_LINES, "more package"))
    if dry_run:
        yield word("Nothing was written (--dry-run).")
    elif changed:
        names = several(sorted(file.name for file in changed))
        yield ink.plain(say("Written: {names}", names=names))
    else:
        yield word("The lock was up to date; nothing was written.")


def _refused(each: Refused, done: Locked, ink: Ink) -> Iterator[str]:
    answer = each.answer
    head = ink.plain(say("{file} on {platform}", file=done.manifest.path, platform=each.platform))
    if isinstance(answer, Untried):
        yield _marked("crashed", say("{what}: it could not be tried", what=head), ink)
        yield from ink.wrap(told(answer.reason, ERRORS), _INDENT)
        yield from ink.wrap(told(answer.hint, ERRORS), _INDENT) if answer.hint else ()
    elif isinstance(answer, Unresolvable):
        yield _marked("error", say("{what}: the pip half has no solution", what=head), ink)
        yield from ink.wrap(told(answer.reason), _INDENT)
        for line in answer.requirements[:MAX_LINES]:
            yield _line(line.location.line, line.text, ink)
        yield _INDENT + word("Change one of these lines, or what conda installs.")
    elif isinstance(answer, Unsolvable):
        yield _marked("error", say("{what}: there is no solution", what=head), ink)
        found = explain(done.solver, done.manifest, each.question, answer.tree)
        yield from _explanation(found, ink)


def _marked(style: str, text: str, ink: Ink) -> str:
    return ink.paint(style, f"{ink.mark(style)} {text}")


def _explanation(found: Explanation, ink: Ink) -> Iterator[str]:
    if len(found.guilty) > 1:
        yield _INDENT + say("{heading}:", heading=word(_heading(found)))
    for line in found.guilty[:MAX_LINES]:
        yield _line(line.location.line, line.text, ink)
    if len(found.guilty) > MAX_LINES:
        more = number(len(found.guilty) - MAX_LINES, "more line")
        yield _INDENT + say("and {more}", more=more)
    for sentence in found.why:
        yield from ink.wrap(told(sentence), _INDENT)
    if found.machine:
        yield from ink.wrap(say(_ELSEWHERE, machine=found.machine), _INDENT)
    yield from _changes(found, ink)


def _heading(found: Explanation) -> str:
    if found.unmet:
        return "No channel can meet these lines"
    if found.whole:
        return "These lines cannot be met together"
    return "Among these lines are some that cannot be met together"


def _changes(found: Explanation, ink: Ink) -> Iterator[str]:
    changes = found.changes
    if not changes:
        yield _INDENT + word("No small change was found that would solve it.")
        return
    here = "On the machine as it is, this would solve it, as was tried:"
    yield _INDENT + word(here if found.machine else "This would solve it, as was tried:")
    for each in changes[:MAX_LINES]:
        new = say("write {text}", text=each.new) if each.new else word("leave it out")
        rewrite = say("{about}: {why}", about=_text(each.line), why=new)
        yield _line(each.line.location.line, rewrite, ink)
    if len(changes) > MAX_LINES:
        more = number(len(changes) - MAX_LINES, "more change")
        yield _INDENT + say("and {more} of this kind", more=more)


def _text(line: Spec) -> str:
    return line.text.strip()


def _line(place: int, text: str, ink: Ink) -> str:
    return f"{_INDENT}{place:>5} {ink.bar} {ink.plain(redact(text.strip()))}"
