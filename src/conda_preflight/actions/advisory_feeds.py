"""One source of advisories is made new in a draft of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from conda_preflight.actions.advisory_load import (
    Told,
    licence,
    load,
    problems,
    refuse_shrunk,
)
from conda_preflight.advisories import feeds as lists
from conda_preflight.advisories.bitnami import about_projects
from conda_preflight.advisories.record import MAX_BYTES, parse
from conda_preflight.documents.advisory import Feed
from conda_preflight.engines.advisory_bundle import records
from conda_preflight.engines.advisory_draft import Draft
from conda_preflight.engines.advisory_fetch import Fetched, fetch, read, url_key
from conda_preflight.engines.advisory_web import Web, place
from conda_preflight.engines.download import FetchError
from conda_preflight.errors import ReadError
from conda_preflight.grammar.url import redact
from conda_preflight.plain import value_type

EXPLOITED, LIKELIHOODS, NATIVE = "KEV", "EPSS", "Upstream"
MOST_SINGLE = 1000
"""So many changed records are fetched one by one; more of them come as the whole file."""

_AT_ONCE = 8
_MAX_ECOSYSTEMS = 1024 * 1024
_MAX_LIST = 512 * 1024 * 1024
_MAX_CATALOGUE = 64 * 1024 * 1024
_MISSING = 404


@value_type
class Renewal:
    """How a source is made new: from where, with what at hand, and when."""

    web: Web
    parts: Path
    now: str
    told: Told
    full: bool = False
    force: bool = False


def ecosystem(draft: Draft, name: str, base: str, how: Renewal) -> str:
    """Make an ecosystem new from a bucket as OSV lays it out; returns what happened.

    What changed since the last time is fetched record by record, where that is not much, else
    all of it. Raises FetchError, BundleError, ReadError, ShrunkError.
    """
    folder = f"{base.rstrip('/')}/{quote(name, safe='')}"
    url = f"{folder}/all.zip"
    before, former = draft.count(name), _former(draft, name, url, how)
    listed = _listing(folder, how)
    todo = lists.changed(listed, draft.modified(name)) if former.url else ()
    loaded = False
    if not former.url or not listed or len(todo) > MOST_SINGLE:
        former, loaded = _whole(draft, replace(former, url=url), how)
        draft.date(name, listed)
        todo = lists.changed(listed, draft.modified(name)) if listed else ()
    single = {identifier: listed[identifier] for identifier in todo[:MOST_SINGLE]}
    lacking = len(todo) - len(single) + _single(draft, name, folder, single, how)
    gone = [i for i in draft.modified(name) if i not in listed] if listed and not loaded else []
    for identifier in gone:
        draft.remove(name, identifier)
    refuse_shrunk(name, before, draft.count(name), force=how.force)
    _tell(
        draft, former, how, (f"{lacking} new records of its list are lacking",) if lacking else ()
    )
    return _all(draft, name) if loaded else _changes(len(todo) - lacking, len(gone))


def listed_ecosystems(base: str, web: Web) -> tuple[str, ...]:
    """What a bucket says that it has; nothing where it does not say. Raises FetchError."""
    try:
        content = read(web, f"{base.rstrip('/')}/ecosystems.txt", _MAX_ECOSYSTEMS)
    except FetchError as error:
        if error.status != _MISSING:
            raise
        return ()
    return tuple(content.decode("utf-8", "replace").split("\n"))


def bundle(draft: Draft, name: str, url: str, how: Renewal) -> str:
    """Make a feed new from one file of records, such as JSON lines; returns what happened."""
    before = draft.count(name)
    former, loaded = _whole(draft, replace(_former(draft, name, url, how), url=url), how)
    refuse_shrunk(name, before, draft.count(name), force=how.force)
    _tell(draft, former, how)
    return _all(draft, name) if loaded else "unchanged"


def exploited(draft: Draft, url: str, how: Renewal) -> str:
    """Make CISA's list of exploited vulnerabilities new; returns what happened."""
    former = _former(draft, EXPLOITED, url, how, "exploited")
    found = _fetched(replace(former, url=url), how)
    if found is not None:
        days = lists.exploited(_content(found.file))
        refuse_shrunk(EXPLOITED, former.records, len(days), force=how.force)
        former = replace(
            _after(former, found), records=draft.exploited(days), newest=max(days.values())
        )
    draft.tell(replace(former, url=redact(url), licence="CC0-1.0", fetched=how.now))
    return f"{former.records} CVEs" if found else "unchanged"


def likelihoods(draft: Draft, url: str, how: Renewal) -> str:
    """Make the EPSS scores new; returns what happened."""
    former = _former(draft, LIKELIHOODS, url, how, "likelihood")
    found = _fetched(replace(former, url=url), how)
    if found is not None:
        scores = lists.likelihoods(line for _, line in records(found.file, place(url)))
        refuse_shrunk(LIKELIHOODS, former.records, len(scores), force=how.force)
        former = replace(_after(former, found), records=draft.likelihoods(scores))
    terms = "free to use with credit to FIRST"
    draft.tell(replace(former, url=redact(url), licence=terms, fetched=how.now))
    return f"{former.records} CVEs" if found else "unchanged"


def _former(draft: Draft, name: str, url: str, how: Renewal, kind: str = "advisories") -> Feed:
    """What is known of the feed, if it came from the same address; else only its name."""
    held = draft.feeds().get(name)
    if held is None or held.url != redact(url) or how.full:
        return Feed(name, kind, records=held.records if held else 0)
    return held


def _whole(draft: Draft, former: Feed, how: Renewal) -> tuple[Feed, bool]:
    """The feed from its one file, and whether that was new."""
    found = _fetched(former, how)
    if found is None:
        return former, False
    draft.clear(former.name)
    load(draft, lambda _: former.name, found.file, how.told, place(former.url))
    return _after(former, found), True


def _fetched(former: Feed, how: Renewal) -> Fetched | None:
    into = how.parts / url_key(former.url)
    known = replace(former, url=redact(former.url))
    name = f"{former.name}, MB"
    return fetch(
        how.web, former.url, into, known, lambda done, all_: how.told(name, done >> 20, all_ >> 20)
    )


def _after(former: Feed, found: Fetched) -> Feed:
    return replace(former, sha256=found.sha256, etag=found.etag, last_modified=found.last_modified)


def _listing(folder: str, how: Renewal) -> dict[str, str]:
    """What a bucket lists as its records; nothing where it has no such list."""
    try:
        return lists.listing(read(how.web, f"{folder}/modified_id.csv", _MAX_LIST))
    except FetchError as error:
        if error.status != _MISSING:
            raise
        return {}


def _single(draft: Draft, name: str, folder: str, todo: Mapping[str, str], how: Renewal) -> int:
    """Fetch these records one by one; returns how many of them are not there."""
    missing = 0
    for identifier, content in _several(folder, tuple(todo), how):
        if content is None:
            missing += 1
            continue
        try:
            found = about_projects(parse(content))
            if found.id != identifier:
                raise ReadError(f"it says that it is {found.id}")  # noqa: TRY301
        except ReadError as error:
            draft.refuse(name, identifier, error.message, todo[identifier])
        else:
            draft.put(name, found, todo[identifier])
    return missing


def _several(
    folder: str, todo: tuple[str, ...], how: Renewal
) -> Iterator[tuple[str, bytes | None]]:
    """The records of these ids, some at once; None for what is not there."""
    from concurrent.futures import ThreadPoolExecutor

    def one(identifier: str) -> bytes | None:
        try:
            return read(how.web, f"{folder}/{quote(identifier, safe='')}.json", MAX_BYTES)
        except FetchError as error:
            if error.status != _MISSING:
                raise
            return None

    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        for done, (identifier, content) in enumerate(
            zip(todo, pool.map(one, todo), strict=True), 1
        ):
            how.told("Changed advisories", done, len(todo))
            yield identifier, content
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _tell(draft: Draft, feed: Feed, how: Renewal, more: tuple[str, ...] = ()) -> None:
    name = feed.name
    draft.tell(
        replace(
            feed,
            url=redact(feed.url),
            records=draft.count(name),
            newest=draft.newest(name),
            licence=licence(draft, name),
            fetched=how.now,
            problems=(*problems(draft, name), *more),
        )
    )


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_MAX_CATALOGUE)


def _all(draft: Draft, name: str) -> str:
    return f"{draft.count(name)} records"


def _changes(changed: int, gone: int) -> str:
    if not changed and not gone:
        return "unchanged"
    return f"{changed} new or changed" + (f", {gone} gone" if gone else "")
