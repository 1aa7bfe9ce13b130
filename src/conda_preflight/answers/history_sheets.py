"""What ``history`` says of a ledger, as sheets; the words are the same in every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from conda_preflight.answers.phrases import listed, told
from conda_preflight.answers.sheet import Sheet
from conda_preflight.language import say, word
from conda_preflight.ledger.answer import Known, Line, Spell, Verified
from conda_preflight.ledger.events import PackageEvent
from conda_preflight.ledger.record import Mark
from conda_preflight.writers import wording
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
    notes = [say("Older ones: --before {seq}.", seq=lines[-1].seq)] if more and lines else []
    if below:
        names = listed([known.project for known in below])
        notes.append(say("Folders of it have records of their own: {names}.", names=names))
    kept = number(len(lines), "record") if lines else word("no record")
    return Sheet(
        say("{about}: {why}", about=project, why=kept),
        heads,
        tuple(_line(line, many=many) for line in lines),
        tuple(notes),
    )


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


def verdict(text: str) -> str:
    """``NO-GO``, as people read it."""
    return _VERDICTS.get(text, text)


def revision(text: str, *, dirty: bool | None) -> str:
    """A short revision, with a star where what was read is not as the revision has it."""
    return text[:_REVISION] + "*" * bool(dirty)


def packages(line: Line) -> str:
    """``3 moved``; of the first packages of a project ``312 first seen``."""
    template = "{count} first seen" if line.first else "{count} moved"
    return say(template, count=line.moved) if line.moved else ""


def findings(line: Line) -> str:
    """``3 errors, 1 warning (+1 -2)``: what there is, what came and what went."""
    counts = ((line.errors, "error"), (line.warnings, "warning"), (line.notes, "note"))
    there = wording.listed(number(count, noun) for count, noun in counts if count)
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
    title = say("{about}: {why}", about=ledger, why=number(len(known), "project"))
    return Sheet(title, heads, rows)


def spells(asked: str, project: str, found: Sequence[Spell]) -> Sheet:
    """When findings came and went."""
    heads = ("Finding", "Severity", "About", "Came (UTC)", "Went (UTC)", "Fingerprint")
    rows = tuple(
        (
            each.rule,
            _severity(each.severity, muted=each.muted),
            _about(each.about, each.path),
            f"{minute(each.came_at)} #{each.came}",
            f"{minute(each.went_at)} #{each.went}" if each.went else word("still there"),
            each.fingerprint[:_FINGERPRINT],
        )
        for each in found
    )
    notes = () if rows else (word("No record has such a finding."),)
    return Sheet(say("{name} in {what}", name=asked, what=project), heads, rows, notes)


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
    known = say("No record has {name}; packages are known from locks and prefixes.", name=name)
    notes = () if rows else (known,)
    return Sheet(say("{name} in {what}", name=name, what=project), heads, rows, notes)


def _event(each: PackageEvent, line: Line | None, authors: Mapping[str, str]) -> tuple[str, ...]:
    old, new = (" ".join(filter(None, side)) for side in (each.old, each.new))
    where = dict.fromkeys(" ".join(filter(None, place)) for place in each.places)
    return (
        str(each.seq),
        minute(each.at),
        word(each.kind),
        " -> ".join(filter(None, (old, new))),
        revision(line.revision, dirty=line.dirty) if line else "",
        authors.get(line.revision, "") if line else "",
        listed(list(where)),
    )


def changed(found: RecordDifference) -> Sheet:
    """What two records say of findings; packages are told as ``diff`` tells them."""
    rows = [(word("came"), *_mark(mark)) for mark in found.came]
    rows += [(word("went"), *_mark(mark)) for mark in found.went]
    rows += [(word("not asked again"), *_mark(mark)) for mark in found.unasked]
    heads = ("", "Finding", "Severity", "About")
    title = f"{told(found.old_name)} -> {told(found.new_name)}"
    return Sheet(title, heads, tuple(rows), tuple(_said(found)))


def _mark(mark: Mark) -> tuple[str, str, str]:
    severity = _severity(mark.severity, muted=bool(mark.muted))
    return mark.rule, severity, _about(mark.about, mark.path)


def _severity(name: str, *, muted: bool) -> str:
    return say("{severity} (muted)", severity=word(name)) if muted else word(name)


def _about(about: str, path: str) -> str:
    return say("{about} in {path}", about=about, path=path) if path else about


def _said(found: RecordDifference) -> Iterator[str]:
    old, new = verdict(found.old.verdict), verdict(found.new.verdict)
    if old != new:
        none = word("none")
        yield say("The verdict was {old} and is {new}.", old=old or none, new=new or none)
    if found.old.project != found.new.project:
        both = listed([found.old.project, found.new.project])
        yield say("They are of two projects: {names}.", names=both)
    if found.packages is None:
        yield word("The packages cannot be compared: not both records have any.")
    elif found.packages.empty:
        yield word("The packages are the same.")
    if found.empty:
        yield word("No difference.")


def verified(found: Verified, ledger: str) -> Sheet:
    """What reading everything again has shown."""
    heads = ("#", "Fault")
    rows = tuple((str(each.seq) if each.seq else "", told(each.what)) for each in found.faults)
    kept = wording.listed([number(found.records, "record"), number(found.contents, "content")])
    if rows:
        bad = say("{ledger} is not what was written: {kept}", ledger=ledger, kept=kept)
        return Sheet(bad, heads, rows)
    why = word("Noted elsewhere, the head shows later that no record at the end is missing.")
    notes = (say("Head: {digest}", digest=found.head), why)
    return Sheet(say("{ledger} is whole: {kept}", ledger=ledger, kept=kept), (), (), notes)
