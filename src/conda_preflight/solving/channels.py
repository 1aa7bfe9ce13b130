"""What checks ask about locked packages: what their channels say of them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from conda_preflight.documents import Package, Spec
from conda_preflight.errors import Skip
from conda_preflight.grammar.conda_url import SUFFIXES, parse
from conda_preflight.grammar.conda_version import matches
from conda_preflight.plain import document_type
from conda_preflight.solving.listing import Listing, Repodata
from conda_preflight.solving.question import Question, Untried
from conda_preflight.solving.tiers import is_local

REVOKED = "package_has_been_revoked"
"""What a withdrawn build depends on, so that no solver takes it; source: conda-build's indexer."""

_BROKEN = "/label/broken"


@document_type
class Standing:
    """What the channel says now of one locked package.

    ``record`` is its row, None where the file is not listed; ``listed`` is true also where
    the same build is there in the other format; ``removed`` says that the channel took it
    back, ``others`` are its records of the same name, of any version.
    """

    package: Package
    channel: str
    record: Package | None
    listed: bool
    removed: bool
    others: tuple[Package, ...]


class Channels:
    """The channels as they are now; what cannot be told raises Skip.

    ``repodata`` gives what reads them, when the first is asked; ``refusal`` says why those
    that are ``local`` or not may not be asked, and is empty where they may.
    """

    def __init__(self, repodata: Callable[[], Repodata], refusal: Callable[[bool], str]) -> None:
        self._open = repodata
        self._refusal = refusal
        self._repodata: Repodata | None = None
        self._known: dict[tuple[str, str, frozenset[str]], Listing | Untried] = {}

    def standings(self, packages: Iterable[Package]) -> tuple[Standing, ...]:
        """What is known of those that conda downloads; Skip where a channel does not answer."""
        places: dict[tuple[str, str], list[Package]] = {}
        for package in packages:
            if package.manager == "conda" and "://" in package.url:
                places.setdefault(_place(package.url), []).append(package)
        if not places:
            raise Skip("it names no URLs of conda packages")
        if refused := self._refusal(all(is_local(url) for url, _ in places)):
            raise Skip(refused)
        return tuple(
            standing
            for (channel, subdir), group in places.items()
            for standing in self._group(channel, subdir, group)
        )

    def is_broken(self, standing: Standing) -> bool:
        """Whether the channel withdrew this build as one that does not work."""
        if standing.record is not None:
            return REVOKED in standing.record.depends
        if standing.listed or _BROKEN in standing.channel:
            return False
        channel = standing.channel + _BROKEN
        _, subdir = _place(standing.package.url)
        found = self._listing(channel, subdir, frozenset((standing.package.name,)))
        file = standing.package.url.rpartition("/")[2]
        return isinstance(found, Listing) and _stem(file) in map(_stem, found.records)

    def withdrawals(self, lines: Sequence[Spec], asked: Question) -> dict[Spec, str]:
        """Which of these lines ask for a build that a channel of the question took back, and how.

        A channel that may not be asked, or does not answer, took nothing back.
        """
        names = frozenset(line.name for line in lines)
        found: dict[Spec, str] = {}
        for channel in dict.fromkeys(url.rstrip("/") for t in asked.tiers for url in t.urls):
            for subdir in (asked.platform, "noarch") if names else ():
                for line, how in self._withdrawn(lines, channel, subdir, names):
                    found.setdefault(line, how)
        return found

    def _withdrawn(
        self, lines: Sequence[Spec], channel: str, subdir: str, names: frozenset[str]
    ) -> Iterator[tuple[Spec, str]]:
        if self._refusal(is_local(channel)):
            return
        broken = self._listing(channel + _BROKEN, subdir, names)
        own = self._listing(channel, subdir, names)
        marked = broken.records if isinstance(broken, Listing) else ()
        removed = own.removed if isinstance(own, Listing) else ()
        for files, how in ((marked, "marked it as broken"), (removed, "removed it")):
            for line in lines:
                if any(_meets(file, line) for file in files):
                    yield line, how

    def _group(self, channel: str, subdir: str, group: list[Package]) -> Iterable[Standing]:
        found = self._listing(channel, subdir, frozenset(p.name for p in group))
        if isinstance(found, Untried):
            raise Skip(f"a channel does not answer: {found.reason}")
        stems = {_stem(file) for file in found.records}
        by_name: dict[str, list[Package]] = {}
        for record in found.records.values():
            by_name.setdefault(record.name, []).append(record)
        for package in group:
            file = package.url.partition("#")[0].rpartition("/")[2]
            yield Standing(
                package=package,
                channel=channel,
                record=found.records.get(file),
                listed=_stem(file) in stems,
                removed=file in found.removed,
                others=tuple(by_name.get(package.name, ())),
            )

    def _listing(self, channel: str, subdir: str, names: frozenset[str]) -> Listing | Untried:
        key = channel, subdir, names
        if key not in self._known:
            self._repodata = self._repodata or self._open()
            self._known[key] = self._repodata.listing(channel, subdir, names)
        return self._known[key]


def _place(url: str) -> tuple[str, str]:
    """The channel and the subdir of a package's URL."""
    folder = url.partition("#")[0].rpartition("/")[0]
    channel, _, subdir = folder.rpartition("/")
    return channel, subdir


def _meets(file: str, line: Spec) -> bool:
    """Whether a file is certainly what a line asks for."""
    built = parse(file)
    if built is None or built.name != line.name:
        return False
    version = not line.version or matches(line.version, built.version) is True
    return version and fnmatchcase(built.build, line.build or "*")


def _stem(file: str) -> str:
    return next((file.removesuffix(end) for end in SUFFIXES if file.endswith(end)), file)
