"""A list of package URLs with ``@EXPLICIT``; source: CEP 23 and what conda-lock renders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.documents import Document, Location, Lock, Package, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar import conda_url
from conda_preflight.grammar.explicit_pip import pip_packages
from conda_preflight.grammar.list_header import Header, header
from conda_preflight.grammar.lock_record import DIGESTS
from conda_preflight.grammar.package_list import count
from conda_preflight.grammar.virtual_package import in_comments
from conda_preflight.pattern import lazy_pattern

MARK = "@EXPLICIT"
_HEX = lazy_pattern(r"[0-9a-fA-F]*\Z")
_NAMED = lazy_pattern(r"(?:^|[/.-])conda-(?:linux|osx|win)-[a-z0-9]+\.lock$")
_AGAIN = "Write one URL or path a line, and after it at most #md5 or #sha256:digest."


def recognizes(source: Source) -> bool:
    """A text whose first words are URLs or ``@EXPLICIT``, or a ``conda-<subdir>.lock``."""
    if _NAMED.search(source.path.lower()):
        return True
    if MARK not in source.text:
        return False
    for _, word in _entries(source):
        if word == MARK:
            return True
        if not word.partition("#")[0].endswith(conda_url.SUFFIXES):
            return False
    return False


def read(source: Source) -> list[Document]:
    """One Lock for the one platform of the list; raises ReadError at a line that is no package."""
    lines = list(_entries(source))
    if all(word != MARK for _, word in lines):
        raise ReadError(
            f"The list has no line {MARK}, so conda would solve it and not install it as it is",
            f"Write {MARK} before the first URL, or export the list again.",
            1,
            1,
        )
    head = header(source)
    conda = [_package(place, word) for place, word in lines if word != MARK]
    platform = head.platform or _only_subdir(conda)
    packages = tuple([replace(p, platform=platform) for p in (*conda, *pip_packages(source))])
    return [_lock(source, head, platform, packages)]


def _lock(source: Source, head: Header, platform: str, packages: tuple[Package, ...]) -> Lock:
    return Lock(
        path=source.path,
        kind="explicit",
        version="",
        location=Location(source.path, 1, 1),
        platforms=(platform,) if platform else (),
        packages=packages,
        content_hash={platform: head.content_hash} if platform and head.content_hash else {},
        virtual_packages=tuple(in_comments(source)),
        name=head.name,
        entries=count(p.manager for p in packages),
    )


def _entries(source: Source) -> Iterator[tuple[Location, str]]:
    """The lines that are neither empty nor comments, without the space around them."""
    for number, line in enumerate(source.lines, 1):
        word = line.strip()
        if word and not word.startswith("#"):
            yield Location(source.path, number, line.index(word) + 1, len(word)), word


def _package(place: Location, word: str) -> Package:
    url, mark, tail = word.partition("#")
    file = conda_url.parse(url)
    if file is None:
        raise ReadError(
            "This line is no conda package: its file is not called name-version-build.conda",
            _AGAIN,
            place.line,
            place.column,
        )
    digests = _digests(tail, place, len(url)) if mark else {}
    return Package(
        manager="conda",
        name=file.name,
        version=file.version,
        location=place,
        build=file.build,
        build_number=file.build_number,
        subdir=file.subdir,
        channel=file.channel,
        url=url,
        sha256=digests.get("sha256", ""),
        md5=digests.get("md5", ""),
    )


def _digests(tail: str, place: Location, offset: int) -> dict[str, str]:
    """The digest after the hash sign: 32 hexadecimal digits are md5, 64 are sha256."""
    digits = tail.removeprefix("sha256:")
    kinds = ("sha256",) if digits != tail else ("md5", "sha256")
    for kind in kinds:
        if len(digits) == DIGESTS[kind] and _HEX.match(digits):
            return {kind: digits.lower()}
    raise ReadError(
        "What follows the # is neither an md5 of 32 nor a sha256 of 64 hexadecimal digits",
        _AGAIN,
        place.line,
        place.column + offset,
    )


def _only_subdir(packages: list[Package]) -> str:
    """The platform of a list that does not state it, when its packages agree on one."""
    found = {p.subdir for p in packages} - {"", "noarch"}
    return found.pop() if len(found) == 1 else ""
