"""Virtual packages as locks hold them: ``__cuda=12.8=0``, in fields and in comments.

Version 7 of pixi.lock has that text in a field of its own. CEP 37 leaves conda-lock.yml
free metadata for it, and the other formats nothing but comments.
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Location, Source, VirtualPackage
from conda_preflight.pattern import lazy_pattern

METADATA_KEY = "virtual-packages."
"""What the keys of ``custom_metadata`` begin with; a platform follows, and texts in a line."""

_COMMENT = lazy_pattern(r"# virtual package on (\S{1,60}): (\S{1,200})")
_HEAD = 400


def parse(text: str, platform: str, location: Location) -> VirtualPackage:
    """``name=version=build``, where version and build may be absent."""
    name, version, build = (*text.split("=", 2), "", "")[:3]
    return VirtualPackage(name, version, build, platform, location)


def text(virtual: VirtualPackage) -> str:
    """The text that ``parse`` reads."""
    parts = [virtual.name, virtual.version, virtual.build]
    while parts[-1] == "":
        parts.pop()
    return "=".join(parts)


def comment(virtual: VirtualPackage, platform: str) -> str:
    """The line that ``in_comments`` reads."""
    return f"# virtual package on {platform}: {text(virtual)}"


def in_comments(source: Source) -> Iterator[VirtualPackage]:
    """The virtual packages that the comments at the head of a file name."""
    for number, line in enumerate(source.lines[:_HEAD], 1):
        if line.startswith("# virtual package on ") and (match := _COMMENT.fullmatch(line)):
            place = Location(source.path, number, match.start(2) + 1, len(match[2]))
            yield parse(match[2], match[1], place)
