"""Channels for solvers: made of records, within a fraction of a second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from hashlib import sha256
from pathlib import Path

from conda_preflight.testing.channel import artifact, index
from conda_preflight.testing.channel.artifact import Artifact, Entry
from conda_preflight.testing.channel.index import Record


def record(
    name: str,
    version: str,
    *,
    build: str = "0",
    build_number: int = 0,
    subdir: str = "linux-64",
    noarch: str = "",
    depends: Iterable[str] = (),
    constrains: Iterable[str] = (),
    timestamp: int = artifact.TIMESTAMP,
    ending: str = ".conda",
    **more: object,
) -> Record:
    """A row of repodata with the defaults of a small package.

    ``size`` is in bytes, ``timestamp`` in milliseconds since 1970; ``more`` are further
    fields (license, track_features, purls ...), which also replace the invented digests.
    """
    package = Artifact(
        name,
        version,
        build,
        build_number,
        subdir,
        noarch,
        tuple(depends),
        tuple(constrains),
        timestamp=timestamp,
    )
    row = package.record()
    digest = sha256(f"{row['subdir']}/{package.stem}{ending}".encode()).hexdigest()
    invented = {"fn": package.stem + ending, "sha256": digest, "md5": digest[:32], "size": 1000}
    return {**row, **invented, **more}


def on_platforms(platforms: Iterable[str], records: Iterable[Record]) -> Iterator[Record]:
    """Each record once per platform; a noarch one once."""
    rows = list(records)
    yield from (row for row in rows if "noarch" in row)
    for platform in platforms:
        for row in rows:
            if "noarch" not in row:
                digest = sha256(f"{platform}/{row['fn']}".encode()).hexdigest()
                system, _, _ = platform.partition("-")
                place = {"subdir": platform, "platform": system}
                yield {**row, **place, "sha256": digest, "md5": digest[:32]}


def write_channel(
    channel: Path, records: Iterable[Record], *, platforms: Iterable[str] = ("linux-64",)
) -> Path:
    """Write a channel that can be solved but not installed, and return its directory.

    Each platform and noarch has repodata, were it empty.
    """
    rows = list(records)
    for subdir in sorted({"noarch", *platforms, *(str(row["subdir"]) for row in rows)}):
        index.write_repodata(channel, subdir, (row for row in rows if row["subdir"] == subdir))
    return channel


def write_installable_channel(
    channel: Path, records: Iterable[Record], *, platforms: Iterable[str] = ("linux-64",)
) -> Path:
    """Write a channel whose packages exist, each with one file ``share/NAME.txt``.

    The file holds the version and the build. Digests and sizes are the real ones.
    """
    files = [artifact.write(_package(row), channel, _ending(row)) for row in records]
    return write_channel(channel, map(index.read_record, files), platforms=platforms)


def _package(row: Record) -> Artifact:
    own = {field.name for field in fields(Artifact)} & set(row)
    further = set(row) - own - {"fn", "sha256", "md5", "size", "platform"}
    content = f"{row['version']} {row['build']}\n".encode()
    return Artifact(
        **{key: row[key] for key in own},
        index={key: row[key] for key in further},
        files={f"share/{row['name']}.txt": Entry(content)},
    )


def _ending(row: Record) -> str:
    return ".conda" if row["fn"].endswith(".conda") else ".tar.bz2"
