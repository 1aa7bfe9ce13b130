"""A channel snapshot as sources for py-rattler, with the URLs that the channels have."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from conda_preflight.engines.rattler_channels import key_of
from conda_preflight.solving.question import Reachable, Tier

if TYPE_CHECKING:
    from rattler import SparseRepoData
    from rattler.repo_data import MultiSource


class KeptChannels:
    """The channels of a snapshot; what one question made is used again for the next."""

    def __init__(self, snapshot: Reachable) -> None:
        self._snapshot = snapshot
        self._made: dict[tuple[str, str], SparseRepoData] = {}
        self._lock = threading.Lock()

    def sources(self, tiers: Iterable[Tier], subdirs: Iterable[str]) -> list[MultiSource]:
        """One source per tier; a channel that the snapshot does not know is empty."""
        from rattler.repo_data import MultiSource

        wanted = tuple(subdirs)
        with self._lock:
            return [
                MultiSource(
                    tier.name or tier.urls[0],
                    [self._repodata(url, subdir) for url in tier.urls for subdir in wanted],
                )
                for tier in tiers
            ]

    def names(self, tiers: Iterable[Tier], subdirs: Iterable[str]) -> frozenset[str]:
        """All package names of these channels; the library does not tell them of files."""
        wanted = tuple(subdirs)
        keys = [(key_of(url), subdir) for tier in tiers for url in tier.urls for subdir in wanted]
        rows = (row for key in keys for row in self._snapshot.records.get(key, {}).values())
        return frozenset(str(row.get("name", "")) for row in rows)

    def _repodata(self, url: str, subdir: str) -> SparseRepoData:
        if (url, subdir) not in self._made:
            key = (key_of(url), subdir)
            text = json.dumps(_document(key, self._snapshot.records.get(key, {})))
            self._made[url, subdir] = _opened(url, subdir, text)
        return self._made[url, subdir]


def _opened(url: str, subdir: str, text: str) -> SparseRepoData:
    """Repodata by way of a file, which is removed at once: the library keeps it mapped."""
    from rattler import Channel, SparseRepoData

    with TemporaryDirectory(prefix="conda-preflight-") as folder:
        file = Path(folder, "repodata.json")
        file.write_text(text, encoding="ascii")
        return SparseRepoData(Channel(url), subdir, file)


def _document(key: tuple[str, str], records: dict[str, dict[str, object]]) -> dict[str, object]:
    """A channel may keep its archives elsewhere, and then says so once for a subdir."""
    conda = {name: record for name, record in records.items() if name.endswith(".conda")}
    other = {name: record for name, record in records.items() if name not in conda}
    elsewhere = (str(record["url"]) for record in records.values() if "url" in record)
    base = next((url.rpartition("/")[0] for url in elsewhere), "")
    info = {"subdir": key[1], **({"base_url": f"{base}/"} if base else {})}
    return {"info": info, "packages": other, "packages.conda": conda}
