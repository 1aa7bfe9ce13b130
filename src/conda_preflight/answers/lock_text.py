"""``lock`` for people at a terminal: what was locked, or why nothing could be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from conda_preflight.documents import Spec
from conda_preflight.grammar.url import redact
from conda_preflight.solving.explanation import Explanation, explain
from conda_preflight.solving.locked import Locked, moved
from conda_preflight.solving.locking import Half, Refused
from conda_preflight.solving.pip_half import Unresolvable
from conda_preflight.solving.question import Unsolvable, Untried
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number

_INDENT = "  "
MAX_LINES = 12


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
    beside = f" and {pip} from the package index" if pip else ""
    conda = number(len(half.packages) - pip, "conda package")
    yield ink.paint("passed", f"{ink.mark('passed')} {half.platform}: {conda}{beside}")
    for note in half.notes:
        yield from ink.wrap(note, _INDENT)


def _written(done: Locked, changed: Sequence[Path], ink: Ink, *, dry_run: bool) -> Iterator[str]:
    if done.lock is not None:
        rows = moved(done.before, done.lock)
        for name, old, new in rows[:MAX_LINES]:
            yield ink.plain(f"{_INDENT}{name} {old} -> {new}")
        if len(rows) > MAX_LINES:
            yield f"{_INDENT}and {number(len(rows) - MAX_LINES, 'more package')}"
    if dry_run:
        yield "Nothing was written (--dry-run)."
    elif changed:
        yield ink.plain(f"Written: {', '.join(sorted(file.name for file in changed))}")
    else:
        yield "The lock was up to date; nothing was written."


def _refused(each: Refused, done: Locked, ink: Ink) -> Iterator[str]:
    answer = each.answer
    head = f"{done.manifest.path} on {each.platform}"
    if isinstance(answer, Untried):
        yield ink.paint(
            "crashed", f"{ink.mark('crashed')} {ink.plain(head)}: it could not be tried"
        )
        yield from ink.wrap(answer.reason, _INDENT)
        yield from ink.wrap(answer.hint, _INDENT) if answer.hint else ()
    elif isinstance(answer, Unresolvable):
        yield ink.paint(
            "error", f"{ink.mark('error')} {ink.plain(head)}: the pip half has no solution"
        )
        yield from ink.wrap(answer.reason, _INDENT)
        for line in answer.requirements[:MAX_LINES]:
            yield _line(line.location.line, line.text, ink)
        yield f"{_INDENT}Change one of these lines, or what conda installs."
    elif isinstance(answer, Unsolvable):
        yield ink.paint("error", f"{ink.mark('error')} {ink.plain(head)}: there is no solution")
        found = explain(done.solver, done.manifest, each.question, answer.tree)
        yield from _explanation(found, ink)


def _explanation(found: Explanation, ink: Ink) -> Iterator[str]:
    if len(found.guilty) > 1:
        yield f"{_INDENT}{_heading(found)}:"
    for line in found.guilty[:MAX_LINES]:
        yield _line(line.location.line, line.text, ink)
    if len(found.guilty) > MAX_LINES:
        yield f"{_INDENT}and {number(len(found.guilty) - MAX_LINES, 'more line')}"
    for sentence in found.why:
        yield from ink.wrap(sentence, _INDENT)
    if found.machine:
        has = f"It has a solution on a machine with {found.machine}: name that with --target"
        yield from ink.wrap(f"{has}, or use --virtual-package {found.machine}.", _INDENT)
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
        yield f"{_INDENT}No small change was found that would solve it."
        return
    where = "On the machine as it is, this" if found.machine else "This"
    yield f"{_INDENT}{where} would solve it, as was tried:"
    for each in changes[:MAX_LINES]:
        new = f"write {each.new}" if each.new else "leave it out"
        yield _line(each.line.location.line, f"{_text(each.line)}: {new}", ink)
    if len(changes) > MAX_LINES:
        yield f"{_INDENT}and {number(len(changes) - MAX_LINES, 'more change')} of this kind"


def _text(line: Spec) -> str:
    return line.text.strip()


def _line(place: int, text: str, ink: Ink) -> str:
    return f"{_INDENT}{place:>5} {ink.bar} {ink.plain(redact(text.strip()))}"
