"""``conda-preflight image build``: an image straight from a lock."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from conda_preflight.cli.repeated import repeated
from conda_preflight.errors import UsageError

_MB = 1_000_000


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--output", metavar="DIR|FILE.tar", default="", help="Where to write it.")
@click.option("--push", metavar="HOST/NAME:TAG", default="", help="A registry to send it to.")
@click.option("--plain-http", is_flag=True, help="Speak to registries without encryption.")
@click.option("--lock", metavar="FILE", default="", help="Which lock, where there are several.")
@click.option("--manifest", metavar="FILE", default="", help="The manifest that it was made from.")
@click.option("--platform", metavar="NAME", default="", help="Default: that of this machine.")
@click.option("--environment", metavar="NAME", default="", help="Of a lock that has several.")
@click.option(
    "--base",
    metavar="IMAGE|DIR|none",
    default="none",
    help="What it is built on: a layout, an archive, a root file system, or HOST/NAME@sha256:...",
)
@click.option("--prefix", metavar="DIR", default="/opt/env", help="Where in the image.")
@click.option("--compression", type=click.Choice(["zstd", "gzip"]), default="zstd")
@click.option("--format", "form", type=click.Choice(["oci", "docker"]), default="oci")
@click.option("--app", metavar="DIR", default="", help="A folder that goes to --workdir.")
@click.option("--previous", metavar="IMAGE", default="", help="Cut layers as this image has them.")
@repeated("--entrypoint", metavar="WORD", help="What to start, word by word.")
@repeated("--cmd", metavar="WORD", help="Its arguments, word by word.")
@click.option("--user", metavar="UID:GID", default="65532:65532", help="Default: 65532:65532.")
@repeated("--env", metavar="NAME=VALUE", help="A variable of the image.")
@repeated("--label", "labels", metavar="NAME=VALUE", help="A label of the image.")
@click.option("--workdir", metavar="DIR", default="/app", help="Default: /app.")
@click.option("--tag", metavar="NAME", default="latest", help="Default: latest.")
@repeated("--attach", metavar="TYPE=FILE", help="A document about it, such as an SBOM.")
@click.option("--sbom", is_flag=True, help="Attach a bill of materials (CycloneDX).")
@click.option("--cache", metavar="DIR", default="", help="Where archives and layers are kept.")
@click.option("--no-cache", "fresh", is_flag=True, help="Use no layer that was made before.")
@click.option(
    "--cache-limit", metavar="SIZE", default="20 GiB", help="Of kept layers. Default: 20 GiB."
)
@click.option("--offline", is_flag=True, help="Only what the cache and local channels have.")
@click.option("--allow-link-scripts", "link_scripts", is_flag=True, help="Let packages run theirs.")
@click.option("--allow-unverified", is_flag=True, help="Take packages that have no digest.")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Default: one per core.")
@click.option("--seconds", type=click.FloatRange(0.1), default=1800.0, help="For each step.")
def command(path: str, **given: Any) -> None:  # noqa: ANN401
    """Build an image from the lock of PATH, without a daemon and without root.

    It is written to --output, sent to the registry of --push, or both. The same lock and options
    give the same image, byte for byte. Exit code 0 built, 1 a package is not what the lock says,
    2 could not be built.
    """
    from conda_preflight.actions import chosen_lock
    from conda_preflight.actions.image_build import build_image
    from conda_preflight.cli.progress import Progress
    from conda_preflight.config import settings
    from conda_preflight.engines.archive_contents import ArchiveError
    from conda_preflight.engines.download import DigestError
    from conda_preflight.output import say

    where = Path(path)
    named = {key: given[key] or None for key in ("lock", "manifest")}
    read = settings(where if where.is_dir() else where.parent, named)
    chosen = chosen_lock.choose(where, read, given["platform"], given["environment"])
    try:
        with Progress() as progress:
            made = build_image(chosen, _wishes(path, given), _wanted(given), progress.tell)
    except (DigestError, ArchiveError) as error:
        say(error.message)
        say(error.hint)
        click.get_current_context().exit(1)
    for note in made.notes:
        say(note)
    sys.stdout.write("".join(f"{line}\n" for line in _told(made, given)))


def _told(made: Any, given: dict[str, Any]) -> Iterator[str]:  # noqa: ANN401
    """What was made and what was sent; the digest comes last."""
    name = given["output"] or given["push"]
    yield f"{name}: {len(made.layers)} layers, {made.size / _MB:.1f} MB"
    if made.pushed:
        sent = f"{made.pushed.sent} of {made.pushed.blobs} blobs, {made.pushed.bytes / _MB:.1f} MB"
        yield f"{given['push']}: sent {sent}"
    yield made.manifest.digest


def _wishes(path: str, given: dict[str, Any]) -> Any:  # noqa: ANN401  (imported here, since it is slow)
    from conda_preflight.actions.image_build import Wishes
    from conda_preflight.registry.reference import read_reference

    return Wishes(
        output=Path(given["output"]) if given["output"] else None,
        push=read_reference(given["push"]) if given["push"] else None,
        plain_http=given["plain_http"],
        form=given["form"],
        prefix=given["prefix"],
        compression=given["compression"],
        base="" if given["base"] == "none" else given["base"],
        app=Path(given["app"]) if given["app"] else None,
        previous=Path(given["previous"]) if given["previous"] else None,
        entrypoint=given["entrypoint"] or None,
        cmd=given["cmd"] or None,
        user=given["user"],
        env=dict(_pair(text, "--env") for text in given["env"]),
        labels=dict(_pair(text, "--label") for text in given["labels"]),
        workdir=given["workdir"],
        tag=given["tag"],
        fresh=given["fresh"],
        cache_limit=_size(given["cache_limit"]),
        documents=(*_bill(path, given), *(_document(text) for text in given["attach"])),
    )


def _bill(path: str, given: dict[str, Any]) -> tuple[Any, ...]:
    """The bill of materials of the lock, where it was asked for."""
    if not given["sbom"]:
        return ()
    from conda_preflight.actions import sbom
    from conda_preflight.actions.image_build import Document
    from conda_preflight.selection import Choice

    platforms, environments = (
        (given[name],) if given[name] else () for name in ("platform", "environment")
    )
    choice = Choice(given["lock"], given["manifest"], platforms, environments)
    text = sbom.make(sbom.opened(Path(path), choice), sbom.Form(), None)
    return (Document(text.encode(), "application/vnd.cyclonedx+json", "sbom.cdx.json"),)


def _wanted(given: dict[str, Any]) -> Any:  # noqa: ANN401
    from conda_preflight.actions.rebuild import Wanted
    from conda_preflight.cache_place import cache_folder

    return Wanted(
        cache=Path(given["cache"]) if given["cache"] else cache_folder(),
        once=True,
        offline=given["offline"],
        link_scripts=given["link_scripts"],
        allow_unverified=given["allow_unverified"],
        jobs=given["jobs"] or os.cpu_count() or 2,
        seconds=given["seconds"],
    )


def _size(text: str) -> int:
    from conda_preflight.grammar.byte_size import bytes_of

    found = bytes_of(text)
    if found is None:
        raise UsageError(f"--cache-limit takes a size, not {text!r}", "Such as 20 GiB.")
    return found


def _pair(text: str, option: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name:
        raise UsageError(f"{option} takes NAME=VALUE, not {text!r}")
    return name, value


def _document(text: str) -> Any:  # noqa: ANN401
    from conda_preflight.actions.image_build import Document

    kind, file = _pair(text, "--attach")
    try:
        return Document(Path(file).read_bytes(), kind, Path(file).name)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from None
