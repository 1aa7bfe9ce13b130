"""A channel snapshot as sources for py-rattler, with the URLs that the channels have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.solving.question import Reachable, Tier

if TYPE_CHECKING:
    from rattler import SparseRepoData
    from rattler.repo_data import MultiSource


def sources(
    snapshot: Reachable, tiers: Iterable[Tier], subdirs: Iterable[str], folder: Path
) -> list[SparseRepoData | MultiSource]:
    """One source per tier, of repodata written below ``folder``; an unknown channel is empty."""
    from rattler.repo_data import MultiSource

    wanted = tuple(subdirs)
    return [
        MultiSource(tier.name or tier.urls[0], list(_repodata(snapshot, tier, wanted, place)))
        for tier, place in ((tier, folder / str(n)) for n, tier in enumerate(tiers))
    ]


def _repodata(
    snapshot: Reachable, tier: Tier, subdirs: Iterable[str], folder: Path
) -> Iterator[SparseRepoData]:
    from rattler import Channel, SparseRepoData

    for n, url in enumerate(tier.urls):
        for subdir in subdirs:
            file = folder / str(n) / subdir / "repodata.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            records = snapshot.records.get((url.rstrip("/"), subdir), {})
            file.write_text(json.dumps(_document(subdir, records)), encoding="utf-8")
            yield SparseRepoData(Channel(url), subdir, file)


def _document(subdir: str, records: dict[str, dict[str, object]]) -> dict[str, object]:
    conda = {name: record for name, record in records.items() if name.endswith(".conda")}
    other = {name: record for name, record in records.items() if name not in conda}
    return {"info": {"subdir": subdir}, "packages": other, "packages.conda": conda}
