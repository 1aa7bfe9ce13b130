"""Locks of channels that were made on this machine, and the command that rebuilds them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from conda_preflight.documents import Channel, Location, Lock, Package
from conda_preflight.lockfiles import write
from conda_preflight.testing.channel import read_record

NOWHERE = Location("")
SUFFIXES = (".conda", ".tar.bz2")


def packages(channel: Path, base: str = "") -> list[Package]:
    """Every package of a channel, at its path or below the URL of a server."""
    files = [f for f in sorted(channel.glob("*/*")) if f.name.endswith(SUFFIXES)]
    return [_package(file, base or channel.as_uri()) for file in files]


def _package(file: Path, base: str) -> Package:
    row = read_record(file)
    return Package(
        manager="conda",
        name=row["name"],
        version=row["version"],
        location=NOWHERE,
        build=row["build"],
        build_number=row["build_number"],
        platform="linux-64",
        subdir=row["subdir"],
        channel=base,
        url=f"{base}/{row['subdir']}/{file.name}",
        sha256=row["sha256"],
        md5=row["md5"],
        size=row["size"],
        depends=tuple(row["depends"]),
    )


def lock(project: Path, found: Iterable[Package], *asked: str) -> Path:
    """Write a project with a lock, and a manifest when something is asked for."""
    project.mkdir(exist_ok=True)
    content = Lock(
        path="conda-lock.yml",
        kind="conda-lock",
        version="1",
        location=NOWHERE,
        platforms=("linux-64",),
        packages=tuple(found),
        channels=(Channel("main", NOWHERE, "main"),),
        content_hash={"linux-64": "0" * 64},
        sources=(),
    )
    (text,) = write([content], "conda-lock").values()
    (project / "conda-lock.yml").write_text(text)
    if asked:
        lines = [f"  - {spec}\n" for spec in asked]
        (project / "environment.yml").write_text("name: x\ndependencies:\n" + "".join(lines))
    return project


def command(project: Path, *options: str) -> list[str]:
    """The words that rebuild a project with a cache beside it."""
    cache = project.parent / "cache"
    words = [sys.executable, "-m", "conda_preflight", "rebuild", str(project)]
    return [*words, *(() if "--cache" in options else ("--cache", str(cache))), *options]


def rebuild(
    project: Path, *options: str, seconds: float = 60, **env: str
) -> subprocess.CompletedProcess[str]:
    """How a rebuild ends."""
    return subprocess.run(
        command(project, *options),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env={**os.environ, "COLUMNS": "100", **env},
    )
