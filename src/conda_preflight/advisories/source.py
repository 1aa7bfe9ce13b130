"""Whatever answers about advisories by product."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from conda_preflight.documents.advisory import Advisory, Feed


class Source(Protocol):
    """Whatever answers by product: a database, or a service that is asked over the network."""

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """What it holds."""
        ...

    def prepare(self, products: Iterable[tuple[str, str, str]]) -> None:
        """Fetch what will be asked: (ecosystem, name, version)."""
        ...

    def lookup(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        """Every record about a product."""
        ...

    def exploited(self, identifiers: Iterable[str]) -> dict[str, str]:
        """When CISA listed these CVEs as exploited."""
        ...

    def likelihoods(self, identifiers: Iterable[str]) -> dict[str, float]:
        """The EPSS scores of these CVEs."""
        ...
