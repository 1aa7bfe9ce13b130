"""Where people have written which indexes they use: pip's and uv's variables and files.

Sources: pip's documentation of its configuration, uv's of indexes and of environment
variables. What a project says in ``uv.toml`` or ``pyproject.toml`` counts before what the
user's ``pip.conf`` says, and variables before both; further indexes add up.
"""

from __future__ import annotations

import configparser
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from conda_preflight.solving.pip_half import Indexes

_MAX_BYTES = 1024 * 1024
_TRUE = ("1", "true", "yes", "on")


def read_indexes(environ: Mapping[str, str], home: Path, project: Path | None = None) -> Indexes:
    """The indexes that a person uses; a file that cannot be read says nothing."""
    places = [_variables(environ, "UV_"), _variables(environ, "PIP_")]
    if project is not None:
        places.append(_of_project(project))
    places += [_of_pip_conf(file) for file in _pip_files(environ, home)]
    return Indexes(
        default=next((p.default for p in places if p.default), ""),
        extra=_all(p.extra for p in places),
        find_links=_all(p.find_links for p in places),
        no_index=any(p.no_index for p in places),
        trusted_hosts=_all(p.trusted_hosts for p in places),
        certificates=next((p.certificates for p in places if p.certificates), ""),
        keyring=any(p.keyring for p in places),
    )


def _variables(environ: Mapping[str, str], prefix: str) -> Indexes:
    """``UV_INDEX_URL`` and the like; pip reads most of the same under its own prefix."""

    def get(*names: str) -> str:
        return next((environ[prefix + n] for n in names if environ.get(prefix + n)), "")

    return Indexes(
        default=get("DEFAULT_INDEX", "INDEX_URL"),
        extra=(*get("INDEX").split(), *get("EXTRA_INDEX_URL").split()),
        find_links=tuple(get("FIND_LINKS").replace(",", " ").split()),
        no_index=get("NO_INDEX").lower() in _TRUE,
        trusted_hosts=tuple(get("TRUSTED_HOST", "INSECURE_HOST").split()),
        certificates=get("CERT"),
        keyring=get("KEYRING_PROVIDER") in ("subprocess", "import"),
    )


def _of_project(folder: Path) -> Indexes:
    """``uv.toml``, or else ``[tool.uv]`` of ``pyproject.toml``, as uv chooses."""
    own = _toml(folder / "uv.toml")
    table = own or _mapping(_mapping(_toml(folder / "pyproject.toml"), "tool"), "uv")
    pip = _mapping(table, "pip")
    listed = table.get("index")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    usable = [row for row in rows if isinstance(row.get("url"), str) and not row.get("explicit")]
    defaults = [row["url"] for row in usable if row.get("default")]
    urls = [*defaults, *(t["index-url"] for t in (table, pip) if _is_text(t.get("index-url")))]
    return Indexes(
        default=urls[0] if urls else "",
        extra=(
            *(_named(row) for row in usable if not row.get("default")),
            *_texts(table, "extra-index-url"),
            *_texts(pip, "extra-index-url"),
        ),
        find_links=(*_texts(table, "find-links"), *_texts(pip, "find-links")),
        no_index=table.get("no-index") is True or pip.get("no-index") is True,
        trusted_hosts=_texts(table, "allow-insecure-host"),
        keyring=table.get("keyring-provider") == "subprocess",
    )


def _pip_files(environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    """The files of pip, the one that counts most first."""
    own = environ.get("PIP_CONFIG_FILE", "")
    if own:
        yield Path(own)  # the null device means no file at all
        if own == "/dev/null":
            return
    for prefix in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if environ.get(prefix):
            yield Path(environ[prefix], "pip.conf")
    config = environ.get("XDG_CONFIG_HOME") or home / ".config"
    yield Path(config, "pip", "pip.conf")
    yield home / ".pip" / "pip.conf"
    yield Path("/etc/xdg/pip/pip.conf")
    yield Path("/etc/pip.conf")


def _of_pip_conf(file: Path) -> Indexes:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(_read(file))
    except configparser.Error:
        return Indexes()

    def get(key: str) -> str:
        found = (parser.get(s, key, fallback="") for s in ("install", "global"))
        return next((value for value in found if value), "")

    return Indexes(
        default=get("index-url"),
        extra=tuple(get("extra-index-url").split()),
        find_links=tuple(get("find-links").split()),
        no_index=get("no-index").lower() in _TRUE,
        trusted_hosts=tuple(get("trusted-host").split()),
        certificates=get("cert"),
        keyring=get("keyring-provider") in ("subprocess", "import"),
    )


def _toml(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(_read(file))
    except (ValueError, RecursionError):
        return {}


def _read(file: Path) -> str:
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as opened:
            return opened.read(_MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _named(row: Mapping[str, Any]) -> str:
    name = row.get("name")
    return f"{name}={row['url']}" if _is_text(name) and "=" not in str(name) else str(row["url"])


def _mapping(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = table.get(key)
    return tuple(str(v) for v in found if _is_text(v)) if isinstance(found, list) else ()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _all(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for group in groups for value in group if value))
