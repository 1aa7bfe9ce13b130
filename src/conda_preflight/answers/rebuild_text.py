"""``rebuild`` for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.answers.phrases import size, told
from conda_preflight.language import say, word
from conda_preflight.rebuilding.outcome import Comparison, Digests, Rebuilt, Trial
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import listed, number

_INDENT = "  "
MAX_PATHS = 20
MAX_OUTPUT_LINES = 12
_MANAGERS = {"conda": "conda package", "pypi": "pip package"}


def write(outcome: Rebuilt, ink: Ink) -> str:
    """The lines to show, what went wrong before the verdict."""
    place = " ".join(part for part in (outcome.environment, outcome.platform) if part)
    lines = [ink.plain(listed([outcome.lock, place])), ""]
    lines += [f"{_INDENT}{line}" for line in _made(outcome)]
    lines += _smoke(outcome, ink)
    if outcome.comparison:
        lines += _compared(outcome.comparison, ink)
    for note in outcome.notes:
        lines += ink.wrap(f"{ink.mark('note')} {told(note)}", _INDENT)
    if outcome.kept:
        lines.append(ink.plain(_INDENT + say("Left for use: {path}", path=outcome.kept)))
    return "\n".join([*lines, "", _verdict(outcome, ink)]) + "\n"


def _made(outcome: Rebuilt) -> Iterator[str]:
    counts = (number(n, _MANAGERS.get(m, m)) for m, n in sorted(outcome.packages.items()))
    digests = outcome.digests
    archives = say("{size} of archives", size=size(digests.size))
    yield listed([word(" and ").join(counts), archives])
    yield listed(_digests(digests))
    for count, build in enumerate(outcome.builds, 1):
        made = listed([number(build.files, "file"), size(build.size), f"{build.seconds:.1f} s"])
        yield say("prefix {count}: {made}", count=count, made=made)


def _digests(digests: Digests) -> Iterator[str]:
    total = number(digests.total, "digest")
    yield say("{count} of {total} verified", count=digests.sha256 + digests.md5, total=total)
    counts = (
        (digests.md5, "{count} by md5 alone"),
        (digests.none, "{count} have no digest"),
        (digests.fetched, "{count} fetched"),
        (digests.cached, "{count} cached"),
        (digests.local, "{count} local"),
    )
    yield from (say(template, count=count) for count, template in counts if count)


def _smoke(outcome: Rebuilt, ink: Ink) -> Iterator[str]:
    if not outcome.trials:
        return
    passed = len(outcome.trials) - len(outcome.failed)
    seconds = sum(trial.seconds for trial in outcome.trials)
    total = number(len(outcome.trials), "smoke test")
    ran = say("{count} of {total} passed", count=passed, total=total)
    text = listed([ran, f"{seconds:.1f} s"])
    style = "failed" if outcome.failed else "passed"
    yield _INDENT + ink.paint(style, f"{ink.mark(style)} {text}")
    for trial in outcome.failed:
        yield from _failure(trial, ink)


def _failure(trial: Trial, ink: Ink) -> Iterator[str]:
    where = say("{what}, in prefix {count}", what=trial.subject, count=trial.build)
    head = say("{about}: {why}", about=where, why=told(trial.reason))
    yield from ink.wrap(head, _INDENT * 2)
    for line in trial.output.splitlines()[-MAX_OUTPUT_LINES:]:
        yield _INDENT * 3 + ink.plain(line, ink.width)


def _compared(found: Comparison, ink: Ink) -> Iterator[str]:
    explained = sum(len(paths) for paths in found.explained.values())
    style = "failed" if found.unexplained else "passed"
    differ = number(len(found.unexplained), "unexplained difference")
    paths_of = say("{count} paths compared", count=found.compared)
    text = listed([differ, say("{count} explained", count=explained), paths_of])
    yield _INDENT + ink.paint(style, f"{ink.mark(style)} {text}")
    for cause, paths in found.explained.items():
        of_cause = say("{count} {cause}", count=len(paths), cause=ink.plain(told(cause)))
        yield f"{_INDENT * 2}{of_cause}"
    for each in found.unexplained[:MAX_PATHS]:
        yield ink.plain(f"{_INDENT * 2}{each.path} {told(each.what)}")
    if (more := len(found.unexplained) - MAX_PATHS) > 0:
        yield _INDENT * 2 + say("and {count} more", count=more)


def _verdict(outcome: Rebuilt, ink: Ink) -> str:
    if outcome.good and outcome.comparison is None:
        once = "Rebuilt once; whether it is reproducible was not tried."
        return ink.paint("passed", word(once))
    if outcome.good:
        return ink.paint("passed", word("Reproducible: both prefixes are the same."))
    same = outcome.comparison is None or not outcome.comparison.unexplained
    why = "Not good: the smoke test failed." if same else "Not good: the prefixes differ."
    return ink.paint("failed", word(why))
