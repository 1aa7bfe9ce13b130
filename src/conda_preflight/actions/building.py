"""Makes one prefix from verified archives: conda's half, pip's half, bytecode."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path

from conda_preflight.engines import rattler_install
from conda_preflight.engines.archive_contents import Contents
from conda_preflight.errors import PreflightError
from conda_preflight.plain import document_type
from conda_preflight.rebuilding.bytecode import compile_all
from conda_preflight.rebuilding.outcome import Build
from conda_preflight.rebuilding.pip_files import PipFiles
from conda_preflight.rebuilding.relocation import relocate
from conda_preflight.rebuilding.trees import entries
from conda_preflight.solving.pip_half import Indexes

Told = Callable[[str, int, int], None]
"""Gets the name of a step, how much of it is done, and of how much (0 is unknown)."""


@document_type
class Recipe:
    """All that prefixes of one lock are made of; ``seconds`` bounds each step.

    ``python`` is its version, empty where there is none; ``home`` is an empty folder.
    """

    packages: tuple[Contents, ...]
    pip: PipFiles
    platform: str
    python: str
    home: Path
    requested: Mapping[str, str] = field(default_factory=dict)
    indexes: Indexes = field(default_factory=Indexes)
    link_scripts: bool = False
    allow_sdists: bool = False
    offline: bool = False
    jobs: int = 2
    seconds: float = 1800.0

    @property
    def site(self) -> str:
        """Where modules are, by path in the prefix."""
        own = (c.index.get("python_site_packages_path") for c in self.packages)
        short = ".".join(self.python.split(".")[:2])
        return next((s for s in own if isinstance(s, str)), f"lib/python{short}/site-packages")


def build(recipe: Recipe, prefix: Path, final: Path, scratch: Path, told: Told) -> Build:
    """Make a prefix whose files name ``final`` as their place; raises PreflightError.

    ``scratch`` lies on the file system of the prefix, and is empty.
    """
    begun = time.monotonic()
    order = rattler_install.Order(
        packages=recipe.packages,
        platform=recipe.platform,
        scratch=scratch / "link",
        link_scripts=recipe.link_scripts,
        requested=recipe.requested,
        seconds=recipe.seconds,
    )
    rattler_install.install(order, prefix, final, lambda n, of: told("Linking", n, of))
    if recipe.pip.here or recipe.pip.elsewhere:
        told("Installing the pip half", 0, 0)
        _pip_half(recipe, prefix, scratch / "uv")
    if final != prefix:
        relocate(prefix, final)
    if recipe.python:
        told("Compiling", 0, 0)
        failed = compile_all(prefix, recipe.python, recipe.home, recipe.jobs, recipe.seconds)
        if failed:
            raise PreflightError(f"The Python of this lock cannot compile its modules: {failed}")
    files = [prefix / path for path in entries(prefix)]
    stats = [file.lstat() for file in files if file.is_symlink() or not file.is_dir()]
    return Build(len(stats), sum(s.st_size for s in stats), time.monotonic() - begun)


def _pip_half(recipe: Recipe, prefix: Path, cache: Path) -> None:
    from conda_preflight.engines.uv_install import install

    python = prefix / "bin" / "python"
    if not python.exists():
        raise PreflightError("The lock has a pip half and no python", "Add python, lock again.")
    local = Indexes(find_links=(str(recipe.pip.folder),), no_index=True)
    install(recipe.pip.here, python, cache=cache, indexes=local, seconds=recipe.seconds)
    install(
        recipe.pip.elsewhere,
        python,
        cache=cache,
        indexes=recipe.indexes,
        offline=recipe.offline,
        allow_sdists=recipe.allow_sdists,
        seconds=recipe.seconds,
    )
