"""Where a lock is not what its manifests ask for: demands that a platform does not meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.documents import Location, Lock, Manifest, Package
from conda_preflight.grammar.demand import specs_on, violated
from conda_preflight.plain import document_type


@document_type
class Deviation:
    """One demand that is not met; ``fault`` is "missing", "version", "build" or "channel"."""

    name: str
    fault: str
    asked: str
    at: Location
    platform: str
    package: Package | None = None
    sure: bool = True


def platforms_of(lock: Lock) -> tuple[str, ...]:
    """The lock's platforms that it holds packages for, an empty name where it is not known."""
    held = {p.platform for p in lock.packages}
    return tuple(p for p in lock.platforms if p in held) or ("",)


def conda_by_name(lock: Lock, platform: str) -> dict[str, Package]:
    """The conda packages of one platform."""
    here = (p for p in lock.packages if p.manager == "conda" and p.platform == platform)
    return {p.name: p for p in here}


def conda_deviations(manifests: Sequence[Manifest], lock: Lock) -> Iterator[Deviation]:
    """The conda specs that the lock does not meet, by platform."""
    for platform in platforms_of(lock):
        held = conda_by_name(lock, platform)
        subdir = lock.subdirs.get(platform, platform)
        for _, spec in specs_on(manifests, platform, subdir):
            package = held.get(spec.name)
            fault = violated(spec, package) if package else "missing"
            if fault:
                yield Deviation(spec.name, fault, spec.text, spec.location, platform, package)


def grouped(deviations: Iterable[Deviation]) -> Iterator[list[Deviation]]:
    """Deviations of one package of one kind together, over all platforms."""
    groups: dict[tuple[str, str], list[Deviation]] = {}
    for one in deviations:
        groups.setdefault((one.name, one.fault), []).append(one)
    yield from groups.values()
