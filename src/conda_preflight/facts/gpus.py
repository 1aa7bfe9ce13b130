"""NVIDIA's GPUs, their compute capabilities, and which toolkits compile for them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from conda_preflight.facts.table import Row, table
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_NOISE = lazy_pattern(
    r"\b(?:nvidia|geforce|tesla|graphics|laptop|gpu|pcie|nvl|sxm\d?|hbm\d?e?)\b|[^a-z0-9]+"
)
_SIZE = lazy_pattern(r"\b\d{1,4}\s?g[bi]b?\b")


@value_type
class GPUModel:
    """A GPU as it is sold; ``memory_gb`` are the sizes it is sold with, empty unknown.

    ``kind`` is "datacenter", "workstation", "workstation-soc", "geforce" or "jetson".
    """

    name: str
    aliases: tuple[str, ...]
    capability: str
    kind: str
    arch: str
    memory_gb: tuple[int, ...]

    @property
    def titles(self) -> Iterator[str]:
        """Every name that it goes by, the whole one first."""
        for title in (self.name, *self.aliases):
            yield from (title, title.partition("(")[0], title.partition("/")[0])


@value_type
class Architecture:
    """A compute capability with the first and last toolkit that compiles for it.

    ``last`` is a major ("12") or a toolkit, ``last_driver_branch`` a number; empty where there
    is none yet.
    """

    major: int
    minor: int
    first: str
    last: str
    last_driver_branch: str


@cache
def gpus() -> tuple[GPUModel, ...]:
    """Every GPU of the table."""
    return tuple(
        GPUModel(
            name=row["name"],
            aliases=tuple(filter(None, row["aliases"].split("; "))),
            capability=row["capability"],
            kind=row["kind"],
            arch=row["arch"],
            memory_gb=tuple(map(int, row["memory_gb"].split())),
        )
        for row in table("gpus")
    )


@cache
def architectures() -> tuple[Architecture, ...]:
    """Every capability of the table, the newest first."""
    return tuple(map(_architecture, table("architectures")))


def _architecture(row: Row) -> Architecture:
    major, minor = map(int, row["capability"].split("."))
    return Architecture(major, minor, row["first_cuda"], row["last_cuda"], row["last_branch"])


@lru_cache(maxsize=4096)
def find(name: str) -> GPUModel | None:
    """The GPU of a name, as a person or a driver writes it: ``NVIDIA A100-SXM4-80GB``."""
    known = _by_name()
    word = name.lower()[:200]
    return known.get(plain(word)) or known.get(plain(_SIZE.sub("", word)))


@cache
def _by_name() -> dict[str, GPUModel]:
    found: dict[str, GPUModel] = {}
    for model in gpus():
        for title in model.titles:
            found.setdefault(plain(title.lower()), model)
    return found


def plain(name: str) -> str:
    """A name in lower case without what does not tell GPUs apart."""
    return _NOISE.sub("", name)
