"""An advisory database in memory, of the records in a file of an example."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from conda_preflight.advisories.record import advisory, product_name
from conda_preflight.documents.advisory import Advisory, Feed

FILE = "advisories.jsonl"
"""The file of an example that becomes its database."""


class AdvisoryRecords:
    """Answers by product from records in OSV's format, one after the other in a text.

    Objects without an ``id`` tell the rest: ``feed`` the facts of the source, ``exploited`` days
    and ``likelihoods`` scores by CVE. Raises ReadError for a record that is none.
    """

    def __init__(self, text: str, fetched: str) -> None:
        values = list(_values(text))
        facts = {key: value for each in values if "id" not in each for key, value in each.items()}
        records = [advisory(each) for each in values if "id" in each]
        feed = Feed("records", "advisories", records=len(records), fetched=fetched)
        self.feeds = (replace(feed, **facts.get("feed", {})),)
        self._exploited: dict[str, str] = facts.get("exploited", {})
        self._likelihoods: dict[str, float] = facts.get("likelihoods", {})
        self._by_product: dict[tuple[str, str], dict[str, Advisory]] = {}
        for record in records:
            for item in record.affected:
                key = (item.ecosystem, item.name)
                self._by_product.setdefault(key, {})[record.id] = record

    def prepare(self, products: Iterable[tuple[str, str, str]]) -> None:
        """Nothing: all of it is here."""

    def lookup(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        """Every record about a product."""
        found = self._by_product.get((ecosystem, product_name(ecosystem, name)), {})
        return tuple(found.values())

    def exploited(self, identifiers: Iterable[str]) -> dict[str, str]:
        """When CISA listed these CVEs as exploited."""
        return {i: self._exploited[i] for i in identifiers if i in self._exploited}

    def likelihoods(self, identifiers: Iterable[str]) -> dict[str, float]:
        """The EPSS scores of these CVEs."""
        return {i: self._likelihoods[i] for i in identifiers if i in self._likelihoods}


def _values(text: str) -> Iterator[dict[str, Any]]:
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        value, at = decoder.raw_decode(text, at)
        yield value
