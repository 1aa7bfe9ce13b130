"""What ``history`` says of a ledger, as sheets; the words are the same in every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from conda_preflight.answers.phrases import listed
from conda_preflight.answers.sheet import Sheet
from conda_preflight.ledger.answer import Known, Line, Spell, Verified
from conda_preflight.ledger.events import PackageEvent
from conda_preflight.ledger.record import Mark
from conda_preflight.writers.wording import number

if TYPE_CHECKING:
    from conda_preflight.record_difference import RecordDifference

_REVISION = 9
_FINGERPRINT = 12
_MINUTE = 16
_VERDICTS = {"NO_GO": "NO-GO"}


def timeline(project: str, lines: Sequence[Line], below: Sequence[Known], *, more: bool) -> Sheet:
    """The records of a project; ``below`` are projects in its folders; ``more``: older ones."""
    many = len({line.subject for line in lines}) > 1
    heads = ("#", "When (UTC)", "What", "Verdict", "Revision", "Findings", "Packages", "Who")
    notes = [f"Older ones: --before {lines[-1].seq}."] if more and lines else []
    if below:
        names = listed([known.project for known in below])
        notes.append(f"Folders of it have records of their own: {names}.")
    title = f"{project}: {number(len(lines), 'record')}" if lines else f"{project}: no record"
    return Sheet(title, heads, tuple(_line(line, many=many) for line in lines), tuple(notes))


def _line(line: Line, *, many: bool) -> tuple[str, ...]:
    what = f"{line.command} {line.subject}" if many else line.command
    who = f"{line.user}@{line.host}"
    return (
        str(line.seq),
        minute(line.at),
        what,
        verdict(line.verdict),
        revision(line.revision, dirty=line.dirty),
        findings(line),
        packages(line),
        who,
    )


def minute(at: str) -> str:
    """``2026-11-24 14:42``."""
    return at[:_MINUTE].replace("T", " ")


def verdict(word: str) -> str:
    """``NO-GO``, as people read it."""
    return _VERDICTS.get(word, word)


def revision(text: str, *, dirty: bool | None) -> str:
    """A short revision, with a star where what was read is not as the revision has it."""
    return text[:_REVISION] + "*" * bool(dirty)


def packages(line: Line) -> str:
    """``3 moved``; of the first packages of a project ``312 first seen``."""
    return f"{line.moved} {'first seen' if line.first else 'moved'}" if line.moved else ""


def findings(line: Line) -> str:
    """``3 errors, 1 warning (+1 -2)``: what there is, what came and what went."""
    counts = ((line.errors, "error"), (line.warnings, "warning"), (line.notes, "note"))
    there = ", ".join(number(count, word) for count, word in counts if count)
    signs = [f"+{line.came}"] * bool(line.came) + [f"-{line.went}"] * bool(line.went)
    moved = f"({' '.join(signs)})" if signs else ""
    return " ".join(filter(None, (there, moved)))


def projects(known: Sequence[Known], ledger: str) -> Sheet:
    """All projects, each with its latest audit."""
    heads = ("Project", "Records", "Latest (UTC)", "Verdict", "Findings")
    rows = tuple(
        (
            each.project if each.subject == "." else f"{each.project} {each.subject}",
            str(each.records),
            minute(each.latest.at),
            verdict(each.latest.verdict),
            findings(each.latest),
        )
        for each in known
    )
    return Sheet(f"{ledger}: {number(len(known), 'project')}", heads, rows)


def spells(asked: str, project: str, found: Sequence[Spell]) -> Sheet:
    """When findings came and went."""
    heads = ("Finding", "Severity", "About", "Came (UTC)", "Went (UTC)", "Fingerprint")
    rows = tuple(
        (
            each.rule,
            each.severity + " (muted)" * each.muted,
            f"{each.about} in {each.path}" if each.path else each.about,
            f"{minute(each.came_at)} #{each.came}",
            f"{minute(each.went_at)} #{each.went}" if each.went else "still there",
            each.fingerprint[:_FINGERPRINT],
        )
        for each in found
    )
    title = f"{asked} in {project}"
    notes = () if rows else ("No record has such a finding.",)
    return Sheet(title, heads, rows, notes)


def package(
    name: str,
    project: str,
    found: Sequence[PackageEvent],
    lines: Mapping[int, Line],
    authors: Mapping[str, str],
) -> Sheet:
    """What happened to a package; ``authors`` are those of git's changes, by revision."""
    heads = ("#", "When (UTC)", "", "Package", "Revision", "Author", "Where")
    rows = tuple(_event(each, lines.get(each.seq), authors) for each in found)
    known = f"No record has {name}; packages are known from locks and prefixes."
    notes = () if rows else (known,)
    return Sheet(f"{name} in {project}", heads, rows, notes)


def _event(each: PackageEvent, line: Line | None, authors: Mapping[str, str]) -> tuple[str, ...]:
    old, new = (" ".join(filter(None, side)) for side in (each.old, each.new))
    where = dict.fromkeys(" ".join(filter(None, place)) for place in each.places)
    return (
        str(each.seq),
        minute(each.at),
        each.kind,
        " -> ".join(filter(None, (old, new))),
        revision(line.revision, dirty=line.dirty) if line else "",
        authors.get(line.revision, "") if line else "",
        listed(list(where)),
    )


def changed(found: RecordDifference) -> Sheet:
    """What two records say of findings; packages are told as ``diff`` tells them."""
    rows = [("came", *_mark(mark)) for mark in found.came]
    rows += [("went", *_mark(mark)) for mark in found.went]
    rows += [("not asked again", *_mark(mark)) for mark in found.unasked]
    heads = ("", "Finding", "Severity", "About")
    return Sheet(f"{found.old_name} -> {found.new_name}", heads, tuple(rows), tuple(_said(found)))


def _mark(mark: Mark) -> tuple[str, str, str]:
    about = f"{mark.about} in {mark.path}" if mark.path else mark.about
    return mark.rule, mark.severity + " (muted)" * bool(mark.muted), about


def _said(found: RecordDifference) -> Iterator[str]:
    old, new = verdict(found.old.verdict), verdict(found.new.verdict)
    if old != new:
        yield f"The verdict was {old or 'none'} and is {new or 'none'}."
    if found.old.project != found.new.project:
        yield f"They are of two projects: {found.old.project} and {found.new.project}."
    if found.packages is None:
        yield "The packages cannot be compared: not both records have any."
    elif found.packages.empty:
        yield "The packages are the same."
    if found.empty:
        yield "No difference."


def verified(found: Verified, ledger: str) -> Sheet:
    """What reading everything again has shown."""
    heads = ("#", "Fault")
    rows = tuple((str(each.seq) if each.seq else "", each.what) for each in found.faults)
    kept = f"{number(found.records, 'record')}, {number(found.contents, 'content')}"
    if rows:
        return Sheet(f"{ledger} is not what was written: {kept}", heads, rows)
    told = "Noted elsewhere, the head shows later that no record at the end is missing."
    return Sheet(f"{ledger} is whole: {kept}", (), (), (f"Head: {found.head}", told))
