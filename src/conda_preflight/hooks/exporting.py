"""The packages of an environment that conda hands over, as the text of a ``conda-lock.yml``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conda.exceptions import CondaValueError

from conda_preflight.documents import Channel, Location, Lock, Package
from conda_preflight.errors import WriteError
from conda_preflight.grammar import conda_url
from conda_preflight.grammar.url import redact
from conda_preflight.lockfiles import conda_lock

_HERE = Location("conda")
_PIP = (
    "{count} packages of {platform} are from {manager}, which keeps no address and digest of them: "
    "{names}. Lock the manifest instead: `conda preflight lock`."
)


def lock_text(environments: Iterable[Any]) -> str:
    """The text for the platforms of these ``conda.models.environment.Environment``.

    Raises CondaValueError for what has no address or digest.
    """
    found = tuple(environments)
    for each in found:
        _refuse_outside(each)
    packages = tuple(_package(record, e.platform) for e in found for record in e.explicit_packages)
    lock = Lock(
        path="environment.yml",
        kind="conda-lock",
        version="1",
        location=_HERE,
        platforms=tuple(each.platform for each in found),
        packages=packages,
        channels=tuple(_channels(packages)),
    )
    try:
        return conda_lock.write(lock)
    except WriteError as error:
        raise CondaValueError(f"{error.message}. {error.hint}".strip()) from error


def _refuse_outside(environment: Any) -> None:  # noqa: ANN401  (conda's own)
    for manager, names in (environment.external_packages or {}).items():
        if names:
            told = _PIP.format(
                count=len(names),
                platform=environment.platform,
                manager=manager,
                names=", ".join(sorted(map(str, names))[:5]),
            )
            raise CondaValueError(told)
    if not environment.explicit_packages:
        raise CondaValueError(f"No installed packages are known for {environment.platform}")


def _package(record: Any, platform: str) -> Package:  # noqa: ANN401  (conda's own)
    return Package(
        manager="conda",
        name=record.name,
        version=record.version,
        build=record.build,
        location=_HERE,
        platform=platform,
        subdir=record.subdir or platform,
        url=redact(record.url or ""),
        sha256=record.get("sha256") or "",
        md5=record.get("md5") or "",
        depends=tuple(record.depends or ()),
    )


def _channels(packages: Iterable[Package]) -> Iterable[Channel]:
    """The channels that the packages came from, each once."""
    folders = (conda_url.split(conda_url.split(package.url)[0])[0] for package in packages)
    texts = dict.fromkeys(filter(None, folders))
    return (Channel(text, text.rpartition("/")[2], _HERE) for text in texts)
