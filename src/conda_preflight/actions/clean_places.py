"""Finds out where caches and environments are: variables, settings of conda and pixi, habits.

Sources: conda's ``conda.base.context`` (``pkgs_dirs``, ``envs_dirs``, search path of condarc
files), mamba's documentation "Configuration", pixi's "Environment variables" and
"detached-environments", ``pip cache dir``, ``uv cache dir``, huggingface_hub's "Environment
variables".
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from conda_preflight.cache_place import cache_folder
from conda_preflight.cleaning.places import DOWNLOADS, HUB, PACKAGES, Cache, Home, Places
from conda_preflight.documents import Condarc
from conda_preflight.errors import ReadError
from conda_preflight.opening import open_source
from conda_preflight.readers import condarc

_IN_HOME = (
    ("conda", ("miniconda3", "miniconda", "anaconda3", "miniforge3", "mambaforge")),
    ("micromamba", ("micromamba", ".local/share/mamba")),
)
_ON_SYSTEM = ("conda", "miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba")
_CONDARCS = (".condarc", "condarc", ".mambarc")
_CONDARC_FOLDERS = (".conda", ".config/conda")
_NAMED = {"pkgs_dirs": "CONDA_PKGS_DIRS", "envs_dirs": "CONDA_ENVS_DIRS"}


def usual(environ: Mapping[str, str], projects: Sequence[str], alone: Sequence[str] = ()) -> Places:
    """The places of this user on this machine."""
    looking = _Looking(Path(environ.get("HOME") or Path.home()), environ)
    looking.take_roots(_system_roots(environ))
    return looking.places(projects, alone)


def below(root: Path, projects: Sequence[str]) -> Places:
    """The places in one folder, which is taken for an installation and for a home."""
    looking = _Looking(root, {}, os.path.realpath(root))
    looking.take_roots([("conda", str(root))])
    return looking.places(projects)


def merged(some: Sequence[Places]) -> Places:
    """Several as one."""
    return Places(
        tuple(dict.fromkeys(each for one in some for each in one.caches)),
        tuple(dict.fromkeys(each for one in some for each in one.homes)),
        tuple(dict.fromkeys(each for one in some for each in one.roots)),
        tuple(dict.fromkeys(each for one in some for each in one.registries)),
        tuple(dict.fromkeys(each for one in some for each in one.projects)),
        (),
        tuple(dict.fromkeys(each for one in some for each in (*one.within, *one.projects))),
        tuple(dict.fromkeys(each for one in some for each in one.notes)),
    )


def _system_roots(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for tool in ("conda", "mamba"):
        program = environ.get("CONDA_EXE") or shutil.which(tool, path=environ.get("PATH", ""))
        if program:
            yield "conda", str(Path(os.path.realpath(program)).parent.parent)
    yield from (("conda", f"/opt/{name}") for name in _ON_SYSTEM)


class _Looking:
    """One home with its variables."""

    def __init__(self, home: Path, environ: Mapping[str, str], within: str = "") -> None:
        self._home, self._environ, self._within = home, environ, within
        self._notes: list[str] = []
        self._roots: dict[str, str] = {}
        self._named: dict[str, list[str]] = {key: [] for key in _NAMED}

    def take_roots(self, further: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> None:
        """The roots that are there, by their real path."""
        named = [("micromamba", self._environ.get("MAMBA_ROOT_PREFIX", ""))]
        usual = [(tool, str(self._home / n)) for tool, names in _IN_HOME for n in names]
        for tool, path in (*named, *usual, *further):
            is_root = any(Path(path, name).is_dir() for name in ("conda-meta", "envs", "pkgs"))
            if path and is_root:
                self._roots.setdefault(os.path.realpath(path), tool)

    def places(self, projects: Sequence[str], alone: Sequence[str] = ()) -> Places:
        """All places; one that is named twice, or by a link, stands once."""
        self._take_condarcs()
        return Places(
            tuple(dict.fromkeys(self._caches())),
            tuple(dict.fromkeys(self._homes())),
            tuple((path, tool) for path, tool in self._roots.items()),
            tuple(self._real(self._home / ".conda/environments.txt")),
            tuple(os.path.realpath(path) for path in projects),
            tuple(os.path.realpath(path) for path in alone),
            (self._within,) if self._within else (),
            tuple(self._notes),
        )

    def _caches(self) -> Iterator[Cache]:
        variable, cache = self._environ.get, self._cache_home()
        for root, tool in self._roots.items():
            yield from (Cache(p, tool, PACKAGES) for p in self._real(Path(root, "pkgs")))
        for path in (*self._named["pkgs_dirs"], f"{self._home}/.conda/pkgs"):
            yield from (Cache(p, "conda", PACKAGES) for p in self._real(path))
        for path in self._real(self._rattler()):
            yield from (Cache(p, "rattler", PACKAGES) for p in self._real(Path(path, "pkgs")))
            yield Cache(path, "rattler", DOWNLOADS)
        own = cache_folder() if self._environ else cache / "conda-preflight"
        for tool, folder in (
            ("pip", variable("PIP_CACHE_DIR") or cache / "pip"),
            ("uv", variable("UV_CACHE_DIR") or cache / "uv"),
            ("conda-preflight", own),
        ):
            yield from (Cache(p, tool, DOWNLOADS) for p in self._real(folder))
        home = Path(variable("HF_HOME") or cache / "huggingface", "hub")
        hub = variable("HF_HUB_CACHE") or variable("HUGGINGFACE_HUB_CACHE") or home
        yield from (Cache(p, "huggingface", HUB) for p in self._real(hub))

    def _homes(self) -> Iterator[Home]:
        for root, tool in self._roots.items():
            yield from (Home(p, tool) for p in self._real(Path(root, "envs")))
        for path in (*self._named["envs_dirs"], f"{self._home}/.conda/envs"):
            yield from (Home(p, "conda") for p in self._real(path))
        pixi = Path(self._environ.get("PIXI_HOME") or self._home / ".pixi")
        yield from (Home(p, "pixi") for p in self._real(pixi / "envs"))
        for folder in self._detached(pixi):
            yield from (Home(p, "pixi", 3) for p in self._real(folder))

    def _cache_home(self) -> Path:
        return Path(self._environ.get("XDG_CACHE_HOME") or self._home / ".cache")

    def _rattler(self) -> Path:
        named = self._environ.get("PIXI_CACHE_DIR") or self._environ.get("RATTLER_CACHE_DIR")
        return Path(named or self._cache_home() / "rattler/cache")

    def _real(self, path: str | Path) -> Iterator[str]:
        """The real path of a place that is there, and in the folder that is meant."""
        real = os.path.realpath(path)
        if os.path.exists(real) and f"{real}/".startswith(f"{self._within}/"):  # noqa: PTH110
            yield real

    def _detached(self, pixi: Path) -> Iterator[Path]:
        """Where pixi keeps environments of projects outside of them, if it was told to."""
        for file in (pixi / "config.toml", self._home / ".config/pixi/config.toml"):
            try:
                told = tomllib.loads(open_source(file, str(file)).text)
            except ReadError:
                continue
            except (tomllib.TOMLDecodeError, RecursionError):
                self._notes.append(f"{file} is not TOML, so what it names is not looked at")
                continue
            value = told.get("detached-environments")
            if value is True:
                yield self._rattler() / "envs"
            elif isinstance(value, str) and "\0" not in value:
                yield self._home / value

    def _take_condarcs(self) -> None:
        """Folders that settings and variables of conda name."""
        for key, variable in _NAMED.items():
            texts = [self._environ.get(variable, "")]
            texts += [self._environ.get("CONDA_ENVS_PATH", "")] * (key == "envs_dirs")
            for text in texts:
                self._take(key, text.replace(",", os.pathsep).split(os.pathsep))
        for file in self._condarc_files():
            self._take_condarc(file)

    def _condarc_files(self) -> Iterator[Path]:
        folders = [self._home, *map(Path, self._roots)]
        folders += [self._home / name for name in _CONDARC_FOLDERS]
        if self._environ:
            folders.append(Path("/etc/conda"))
            yield from (Path(named) for named in [self._environ.get("CONDARC", "")] if named)
        yield from (folder / name for folder in folders for name in _CONDARCS)

    def _take_condarc(self, file: Path) -> None:
        if not file.is_file():
            return
        try:
            documents = condarc.read(open_source(file, str(file)))
        except ReadError as error:
            self._notes.append(f"{file} cannot be read, so what it names is missing: {error}")
            return
        for document in documents:
            if isinstance(document, Condarc):
                for key in _NAMED:
                    setting = document.get(key)
                    value = setting.value if setting else ()
                    items = [value] if isinstance(value, str) else value
                    self._take(key, [item for item in items if isinstance(item, str)])

    def _take(self, key: str, texts: Sequence[str]) -> None:
        for text in texts:
            path = text.replace("~", str(self._home), 1) if text.startswith("~/") else text
            for name, value in self._environ.items():
                path = path.replace(f"${{{name}}}", value).replace(f"${name}/", f"{value}/")
            if path.startswith("/") and "\0" not in path:
                self._named[key].append(path)
