"""The advisory database is made new from its sources, beside the one in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from conda_preflight.actions import advisory_feeds
from conda_preflight.actions.advisory_feeds import EXPLOITED, LIKELIHOODS, NATIVE, Renewal
from conda_preflight.actions.advisory_load import Told
from conda_preflight.advisories.updated import Step, Updated
from conda_preflight.engines.advisory_draft import Draft
from conda_preflight.engines.advisory_store import DatabaseError
from conda_preflight.engines.advisory_swap import draft, the_only, why_anew
from conda_preflight.engines.advisory_web import Web
from conda_preflight.errors import PreflightError, UsageError
from conda_preflight.facts import advisory_sources as usual
from conda_preflight.grammar.url import is_plain_http
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_ECOSYSTEM = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9 .:_-]{0,60}")
USUAL = ("PyPI", "Bitnami")
"""The projects of PyPI, and what Bitnami knows of them and of native products."""

NOWHERE = "none"
"""As an address: do not ask this source."""


@value_type
class Wanted:
    """What to make new, from where.

    Without ``ecosystems`` it is those of USUAL that the bucket has; ``native_url`` is empty where
    nobody named a bundle of native products.
    """

    file: Path
    ecosystems: tuple[str, ...] = ()
    osv_url: str = usual.OSV_BUCKET
    native_url: str = ""
    kev_url: str = usual.EXPLOITED
    epss_url: str = usual.LIKELIHOODS
    full: bool = False
    force: bool = False


def update(wanted: Wanted, web: Web, told: Told) -> Updated:
    """Make the database new; what cannot be had stays as it was, and is told.

    Raises DatabaseError where another process changes it or the disk is full, and the first
    error where no source of advisories could be had: then the database stays as it was.
    """
    for name in wanted.ecosystems:
        if not _ECOSYSTEM.fullmatch(name) or ".." in name:
            raise UsageError(f"{name!r} is no ecosystem", "As OSV writes it: PyPI, Bitnami.")
    parts = wanted.file.with_name(wanted.file.name + ".parts")
    how = Renewal(web, parts, _now(), told, full=wanted.full, force=wanted.force)
    with the_only(wanted.file):
        parts.mkdir(parents=True, exist_ok=True)
        why = why_anew(wanted.file)
        try:
            with draft(wanted.file, fresh=why is not None) as one:
                steps = tuple(_steps(one, wanted, how))
                told("Verifying the database", 0, 0)
        finally:
            _clean(parts)
    return Updated(steps, (*_notes(wanted), *((f"{why}: it was made anew",) if why else ())))


def _steps(one: Draft, wanted: Wanted, how: Renewal) -> Iterator[Step]:
    """Each source in turn; raises the first error where no source of advisories is new."""
    errors: list[PreflightError] = []
    works = tuple(_advisories(one, wanted, how))
    for name, work in works:
        yield _step(one, Step(name, ""), work, errors)
    if errors and len(errors) == len(works):
        raise errors[0]
    for name, work in _lists(one, wanted, how):
        yield _step(one, Step(name, "", ranks=True), work, errors)


def _step(one: Draft, step: Step, work: Callable[[], str], errors: list[PreflightError]) -> Step:
    try:
        with one.attempt():
            return replace(step, said=work())
    except DatabaseError:
        raise
    except PreflightError as error:
        errors.append(error)
        return replace(step, error=error.message, hint=error.hint)


def _advisories(
    one: Draft, wanted: Wanted, how: Renewal
) -> Iterator[tuple[str, Callable[[], str]]]:
    for name in dict.fromkeys(wanted.ecosystems or _usual(wanted, how)):
        yield name, partial(advisory_feeds.ecosystem, one, name, wanted.osv_url, how)
    if wanted.native_url not in ("", NOWHERE):
        yield NATIVE, partial(advisory_feeds.bundle, one, NATIVE, wanted.native_url, how)


def _usual(wanted: Wanted, how: Renewal) -> tuple[str, ...]:
    """What is fetched where nobody said what: PyPI always, the rest where it is."""
    listed = advisory_feeds.listed_ecosystems(wanted.osv_url, how.web)
    return (USUAL[0], *(name for name in USUAL[1:] if name in listed))


def _lists(one: Draft, wanted: Wanted, how: Renewal) -> Iterator[tuple[str, Callable[[], str]]]:
    if wanted.kev_url != NOWHERE:
        yield EXPLOITED, partial(advisory_feeds.exploited, one, wanted.kev_url, how)
    if wanted.epss_url != NOWHERE:
        yield LIKELIHOODS, partial(advisory_feeds.likelihoods, one, wanted.epss_url, how)


def _clean(parts: Path) -> None:
    """Remove what was downloaded but for parts of files that can be taken up again."""
    for file in parts.glob("*"):
        whole, beside = file.with_name(file.name.removesuffix(".json")), file.name + ".json"
        if not whole.exists() or not (file != whole or file.with_name(beside).exists()):
            file.unlink(missing_ok=True)
    with suppress(OSError):  # it is not empty
        parts.rmdir()


def _notes(wanted: Wanted) -> Iterator[str]:
    for url in (wanted.osv_url, wanted.native_url, wanted.kev_url, wanted.epss_url):
        if is_plain_http(url):
            yield "An address begins with http://: what comes from it can be changed on the way"
            return


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
