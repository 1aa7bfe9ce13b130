"""What stands beside what in one environment, for one platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol, TypeVar

from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.plain import document_type

TORCH = "torch"


class Said(Protocol):
    """What a check says of a thing."""

    @property
    def about(self) -> str:
        """The name of the thing."""
        ...

    @property
    def message(self) -> str:
        """What is wrong with it."""
        ...


T = TypeVar("T", bound=Said)


@document_type
class Together:
    """The packages of one environment for one platform, by name, those of pip apart."""

    platform: str
    conda: dict[str, Package]
    pip: dict[str, Package]

    def any(self, *names: str) -> Package | None:
        """The first of these that is there, a wheel before conda's, which it overwrites."""
        for half in (self.pip, self.conda):
            for name in names:
                if name in half:
                    return half[name]
        return None

    @property
    def torch(self) -> Package | None:
        """PyTorch, whoever brings it."""
        return self.pip.get(TORCH) or self.conda.get("pytorch") or self.conda.get("libtorch")


@lru_cache(maxsize=256)
def together(doc: Lock | Prefix) -> tuple[Together, ...]:
    """One for each platform of a lock; one for a prefix."""
    if isinstance(doc, Prefix):
        return (_together("", doc.packages),)
    platforms = doc.platforms or tuple({p.platform: None for p in doc.packages})
    return tuple(
        _together(platform, [p for p in doc.packages if p.platform == platform])
        for platform in platforms
    )


def _together(platform: str, packages: tuple[Package, ...] | list[Package]) -> Together:
    conda = {p.name: p for p in packages if p.manager == "conda"}
    return Together(platform, conda, {p.name: p for p in packages if p.manager != "conda"})


def judged(doc: Lock | Prefix, judge: Callable[[Together], Iterator[T]]) -> Iterator[T]:
    """What is wrong in an environment, once where that is so on several platforms."""
    told: set[tuple[str, str]] = set()
    for each in together(doc):
        for problem in judge(each):
            if (problem.about, problem.message) not in told:
                told.add((problem.about, problem.message))
                yield problem


def release(version: str) -> str:
    """``2.1.2`` for ``2.1.2+cu118``."""
    return version.partition("+")[0]


def local(version: str) -> str:
    """``cu118`` for ``2.1.2+cu118``."""
    return version.partition("+")[2].lower()


def named(package: Package) -> str:
    """A package as a message names it, with what tells builds apart."""
    build = f" ({package.build})" if package.build else ""
    return f"`{package.name}` {package.version}{build}"
