"""``python -m conda_preflight.testing.channel DIR --wheel numpy==2.*`` makes a real channel."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conda_preflight.errors import PreflightError
from conda_preflight.testing.channel.real import download_wheels, write_real_channel


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--wheel", "asked", multiple=True, help="A requirement, as pip writes it.")
@click.option(
    "--wheels",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A directory of wheels that are taken as they are.",
)
@click.option("--level", default=3, show_default=True, help="How hard zstd compresses.")
def main(directory: Path, asked: tuple[str, ...], folder: Path | None, level: int) -> None:
    """Make a conda channel of this Python and of wheels.

    A --wheel brings what it needs.
    """
    try:
        wheels = download_wheels(asked) if asked else []
        wheels += sorted(folder.glob("*.whl")) if folder else []
        write_real_channel(directory, wheels, level=level)
    except PreflightError as error:
        click.echo(f"error: {error.message}\n{error.hint}".rstrip(), err=True)
        sys.exit(2)
    for file in sorted(directory.glob("*/*.conda")):
        click.echo(f"{file.stat().st_size / 1e6:8.2f} MB  {file.relative_to(directory)}")


if __name__ == "__main__":
    main()
