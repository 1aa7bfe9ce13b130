"""``rebuild`` for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.answers.phrases import size
from conda_preflight.rebuilding.outcome import Comparison, Rebuilt, Trial
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number

_INDENT = "  "
MAX_PATHS = 20
MAX_OUTPUT_LINES = 12
_MANAGERS = {"conda": "conda package", "pypi": "pip package"}


def write(outcome: Rebuilt, ink: Ink) -> str:
    """The lines to show, what went wrong before the verdict."""
    place = " ".join(part for part in (outcome.environment, outcome.platform) if part)
    lines = [ink.plain(f"{outcome.lock}, {place}"), ""]
    lines += [f"{_INDENT}{line}" for line in _made(outcome)]
    lines += _smoke(outcome, ink)
    if outcome.comparison:
        lines += _compared(outcome.comparison, ink)
    for note in outcome.notes:
        lines += ink.wrap(f"{ink.mark('note')} {note}", _INDENT)
    if outcome.kept:
        lines.append(ink.plain(f"{_INDENT}Left for use: {outcome.kept}"))
    return "\n".join([*lines, "", _verdict(outcome, ink)]) + "\n"


def _made(outcome: Rebuilt) -> Iterator[str]:
    counts = (number(n, _MANAGERS.get(m, m)) for m, n in sorted(outcome.packages.items()))
    digests = outcome.digests
    yield f"{' and '.join(counts)}, {size(digests.size)} of archives"
    weak = [f"{digests.md5} by md5 alone"] if digests.md5 else []
    weak += [f"{digests.none} have no digest"] if digests.none else []
    verified = f"{digests.sha256 + digests.md5} of {number(digests.total, 'digest')} verified"
    places = ((digests.fetched, "fetched"), (digests.cached, "cached"), (digests.local, "local"))
    yield ", ".join([verified, *weak, *(f"{n} {where}" for n, where in places if n)])
    for count, build in enumerate(outcome.builds, 1):
        made = f"{number(build.files, 'file')}, {size(build.size)}, {build.seconds:.1f} s"
        yield f"prefix {count}: {made}"


def _smoke(outcome: Rebuilt, ink: Ink) -> Iterator[str]:
    if not outcome.trials:
        return
    passed = len(outcome.trials) - len(outcome.failed)
    seconds = sum(trial.seconds for trial in outcome.trials)
    text = f"{passed} of {number(len(outcome.trials), 'smoke test')} passed, {seconds:.1f} s"
    style = "failed" if outcome.failed else "passed"
    yield _INDENT + ink.paint(style, f"{ink.mark(style)} {text}")
    for trial in outcome.failed:
        yield from _failure(trial, ink)


def _failure(trial: Trial, ink: Ink) -> Iterator[str]:
    head = f"{trial.subject}, in prefix {trial.build}: {trial.reason}"
    yield from ink.wrap(head, _INDENT * 2)
    for line in trial.output.splitlines()[-MAX_OUTPUT_LINES:]:
        yield _INDENT * 3 + ink.plain(line, ink.width)


def _compared(found: Comparison, ink: Ink) -> Iterator[str]:
    explained = sum(len(paths) for paths in found.explained.values())
    style = "failed" if found.unexplained else "passed"
    differ = number(len(found.unexplained), "unexplained difference")
    text = f"{differ}, {explained} explained, {found.compared} paths compared"
    yield _INDENT + ink.paint(style, f"{ink.mark(style)} {text}")
    for cause, paths in found.explained.items():
        yield f"{_INDENT * 2}{len(paths)} {ink.plain(cause)}"
    for each in found.unexplained[:MAX_PATHS]:
        yield ink.plain(f"{_INDENT * 2}{each.path} {each.what}")
    if (more := len(found.unexplained) - MAX_PATHS) > 0:
        yield f"{_INDENT * 2}and {more} more"


def _verdict(outcome: Rebuilt, ink: Ink) -> str:
    if outcome.good and outcome.comparison is None:
        return ink.paint("passed", "Rebuilt once; whether it is reproducible was not tried.")
    if outcome.good:
        return ink.paint("passed", "Reproducible: both prefixes are the same.")
    same = outcome.comparison is None or not outcome.comparison.unexplained
    why = "the smoke test failed" if same else "the prefixes differ"
    return ink.paint("failed", f"Not good: {why}.")
