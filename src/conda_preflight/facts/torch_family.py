"""Which torchvision and torchaudio were made for which torch; the tables are in ``frameworks``."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.facts.frameworks import Torch, series, torch_releases

_FREER_SINCE = "2.6"


def partners(row: Torch, name: str) -> tuple[str, ...]:
    """The releases of torchvision or torchaudio that were made for a torch."""
    return tuple((row.vision if name == "torchvision" else row.audio).split())


def fits_series(rows: Iterable[Torch], versions: Iterable[str], name: str) -> bool:
    """Whether conda-forge may have a build of one of the versions for one of the torches.

    It builds for a whole series, and since 2.6 for the next one as well for some.
    """
    known = list(dict.fromkeys(row.series for row in torch_releases()))
    wanted = {series(version) for version in versions}
    places = {known.index(row.series) for row in rows}
    places |= {at + 1 for at in places if at >= known.index(_FREER_SINCE)}
    near = [row for row in torch_releases() if known.index(row.series) in places]
    return bool(wanted & {series(version) for row in near for version in partners(row, name)})
