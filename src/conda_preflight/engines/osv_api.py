"""OSV's service, asked over the network by who wants no database of advisories.

Source: https://google.github.io/osv.dev/api/: ``POST /v1/querybatch`` gives ids and times in the
order of the queries, with a token per query where there is more; ``GET /v1/vulns/{id}`` gives
a record, which is kept under its id and time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from conda_preflight.advisories.feeds import exploited
from conda_preflight.advisories.record import MAX_BYTES, parse, product_name, record_id
from conda_preflight.documents.advisory import Advisory, Feed
from conda_preflight.engines.advisory_fetch import read
from conda_preflight.engines.advisory_web import Web, place
from conda_preflight.engines.download import FetchError
from conda_preflight.errors import ReadError
from conda_preflight.facts.advisory_sources import EXPLOITED, OSV_API
from conda_preflight.grammar.url import redact

ECOSYSTEMS = ("PyPI",)
"""What it is asked about: it knows no native products under the names of their upstreams."""

_BATCH = 1000
_PAGES = 100
_AT_ONCE = 8
_MAX_ANSWER = 64 * 1024 * 1024
_MAX_CATALOGUE = 64 * 1024 * 1024

Query = tuple[str, str, str]


class OsvApi:
    """Answers by product as a database does; what was asked once is not asked again.

    ``cache`` is a folder for records, ``kev_url`` CISA's list, empty for none. Raises FetchError
    where the service cannot be asked: no answer is never "no findings".
    """

    ecosystems = ECOSYSTEMS

    def __init__(self, web: Web, cache: Path, url: str = OSV_API, kev_url: str = EXPLOITED) -> None:
        self._web, self._cache, self._kev_url = web, cache, kev_url
        self._url = url.rstrip("/")
        self._known: dict[tuple[str, str], tuple[Advisory, ...]] = {}
        self._prepared: set[Query] = set()
        self._days: dict[str, str] | None = None
        self._begun = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._problems: list[str] = []

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """One feed, as new as this moment."""
        held = {found.id for records in self._known.values() for found in records}
        return (
            Feed(
                ECOSYSTEMS[0],
                "advisories",
                url=redact(self._url),
                records=len(held),
                fetched=self._begun,
                problems=tuple(self._problems),
            ),
        )

    def prepare(self, products: Iterable[Query]) -> None:
        """Ask about (ecosystem, name, version) that will be looked up, a thousand at once."""
        asked = ((e, product_name(e, name), v) for e, name, v in products if e in ECOSYSTEMS)
        wanted = [one for one in dict.fromkeys(asked) if one not in self._prepared]
        times: dict[str, str] = {}
        found: dict[tuple[str, str], set[str]] = {one[:2]: set() for one in wanted}
        for start in range(0, len(wanted), _BATCH):
            for query, ids in self._asked(wanted[start : start + _BATCH]):
                found[query[:2]].update(ids)
                times.update(ids)
        records = self._records(times)
        for product, names in found.items():
            known = {one.id: one for one in self._known.get(product, ())}
            known |= {one: records[one] for one in names if one in records}
            self._known[product] = tuple(known[one] for one in sorted(known))
        self._prepared.update(wanted)

    def lookup(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        """The records about a product: of what was prepared, those about these versions."""
        key = (ecosystem, product_name(ecosystem, name))
        if ecosystem in ECOSYSTEMS and key not in self._known:
            self.prepare([(ecosystem, name, "")])
        return self._known.get(key, ())

    def exploited(self, identifiers: Iterable[str]) -> dict[str, str]:
        """The days on which CISA listed these CVEs as exploited."""
        if self._days is None:
            url = self._kev_url
            self._days = exploited(read(self._web, url, _MAX_CATALOGUE)) if url else {}
        return {cve: self._days[cve] for cve in identifiers if cve in self._days}

    def likelihoods(self, identifiers: Iterable[str]) -> dict[str, float]:  # noqa: ARG002
        """Nothing: EPSS scores are only in a database."""
        return {}

    def _asked(self, queries: Sequence[Query]) -> Iterator[tuple[Query, dict[str, str]]]:
        """The ids and times of each query, over all pages; raises FetchError."""
        waiting = [(query, "") for query in queries]
        for _ in range(_PAGES):
            if not waiting:
                return
            results = self._batch([_query(query, token) for query, token in waiting])
            more = []
            for (query, _token), result in zip(waiting, results, strict=True):
                yield query, dict(_ids(result))
                if token := _token_of(result):
                    more.append((query, token))
            waiting = more
        raise FetchError(f"{place(self._url)} has always one more page", status=200)

    def _batch(self, queries: list[dict[str, Any]]) -> list[Any]:
        url = f"{self._url}/v1/querybatch"
        content = self._web.text(url, _MAX_ANSWER, json.dumps({"queries": queries}).encode())
        try:
            results = json.loads(content)["results"]
            if isinstance(results, list) and len(results) == len(queries):
                return results
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        raise FetchError(f"{place(url)} does not answer as OSV does", status=200)

    def _records(self, wanted: dict[str, str]) -> dict[str, Advisory]:
        """The records of these ids, some fetched at once; raises FetchError."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = pool.map(self._record, wanted.keys(), wanted.values())
            pairs = zip(wanted, found, strict=True)
            return {identifier: one for identifier, one in pairs if one is not None}

    def _record(self, identifier: str, modified: str) -> Advisory | None:
        """A record, kept or fetched; one that cannot be read is noted and left out."""
        key = hashlib.sha256(f"{self._url} {identifier} {modified}".encode()).hexdigest()
        file = self._cache / f"{key[:40]}.json"
        try:
            return parse(file.read_bytes())
        except (OSError, ReadError):
            pass
        url = f"{self._url}/v1/vulns/{quote(identifier, safe='')}"
        content = self._web.text(url, MAX_BYTES)
        try:
            found = parse(content)
        except ReadError as error:
            self._problems.append(f"{identifier} could not be read: {error.message}")
            return None
        if modified:
            _keep(file, content)
        return found


def _query(query: Query, token: str) -> dict[str, Any]:
    ecosystem, name, version = query
    stated: dict[str, Any] = {"package": {"ecosystem": ecosystem, "name": name}}
    if version:
        stated["version"] = version
    return {**stated, "page_token": token} if token else stated


def _ids(result: object) -> Iterator[tuple[str, str]]:
    """The ids of one answer with their times; raises FetchError where they are none."""
    listed = result.get("vulns") or [] if isinstance(result, dict) else None
    if not isinstance(listed, list):
        raise FetchError("OSV's answer is none to a query", status=200)
    for one in listed:
        try:
            identifier = record_id(one.get("id") if isinstance(one, dict) else None)
        except ReadError as error:
            raise FetchError(f"OSV's answer: {error.message}", status=200) from None
        yield identifier, str(one.get("modified") or "")[:40]


def _token_of(result: dict[str, Any]) -> str:
    token = result.get("next_page_token")
    return token if isinstance(token, str) else ""


def _keep(file: Path, content: bytes) -> None:
    """Keep a record for the next time; where that cannot be done it is fetched again."""
    draft = file.with_name(f".{file.name}.{id(content)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
