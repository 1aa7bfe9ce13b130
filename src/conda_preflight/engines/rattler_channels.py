"""Channels for py-rattler: its gateway with credentials, time-outs and tiers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.solving.question import Tier
from conda_preflight.solving.tiers import without_credentials

if TYPE_CHECKING:
    from rattler import Channel, Gateway
    from rattler.repo_data import MultiSource

RETRIES = 2


def gateway(cache: Path | None, seconds: float, *, show_progress: bool = False) -> Gateway:
    """A gateway that reads channels over https, file, OCI, S3 and GCS.

    Credentials come from where rattler looks: its keychain and ``credentials.json``,
    ``RATTLER_AUTH_FILE``, ``.netrc``; S3 and GCS from their own usual places.
    """
    from rattler import Client, Gateway

    client = Client.default_client(max_retries=RETRIES, timeout=max(1, int(seconds)))
    return Gateway(cache_dir=cache, client=client, show_progress=show_progress)


def sources(tiers: Iterable[Tier]) -> list[Channel | MultiSource]:
    """The channels by falling priority; a tier of several counts as one."""
    return [_source(tier) for tier in tiers]


def key_of(channel: str) -> str:
    """A channel as it can be written down; the library masks credentials in its own way."""
    return without_credentials(channel).rstrip("/")


def _source(tier: Tier) -> Channel | MultiSource:
    from rattler import Channel
    from rattler.repo_data import MultiSource

    channels = [Channel(url) for url in tier.urls]
    return channels[0] if len(channels) == 1 else MultiSource(tier.name, channels)
