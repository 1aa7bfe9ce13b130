"""Names in caches by which each thing is known: what has another name is never touched."""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

ENDINGS = (".conda", ".tar.bz2")
TRASH = ".conda-preflight-trash"
"""The folder into which this program moves things, beside each of them."""

_DIST = lazy_pattern(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*-[^-\s/]+-[^-\s/]+")
_PARTIAL = (".part", ".partial")
_INDEX = lazy_pattern(
    r"[0-9a-f]{6,64}(?:[._-][\w.-]+)?|.+\.(?:json|solv|zst|msgpack|lock)"
    r"|repodata_shards\.db(?:-wal|-shm)?"
)
_PIP = ("http", "http-v2", "wheels", "selfcheck")
_UV = lazy_pattern(
    r"(?:archive|builds|built-wheels|environments|flat-index|git|interpreter|python|sdists|simple"
    r"|wheels|binaries)-v[0-9]+"
)
_RATTLER = lazy_pattern(
    r"(?:repodata|run_exports|pypi-mapping|uv-cache|pypi|git-cache|url-cache|path-cache"
    r"|exec|cached-envs-v[0-9]+|source-builds-v[0-9]+|build-backends-v[0-9]+"
    r"|conda-pypi-mapping|source-checkouts-v[0-9]+|workspace-build-v[0-9]+)"
)
_OURS = ("archives", "digests", "images", "osv", "rebuilds", "uv")


def is_dist(name: str) -> bool:
    """Whether a name is that of a package: name, version and build."""
    return len(name) < 256 and bool(_DIST.fullmatch(name))  # noqa: PLR2004  (NAME_MAX)


def is_archive(name: str) -> bool:
    """A package as it was downloaded, or a part of one that was broken off."""
    bare = name
    for ending in _PARTIAL:
        bare = bare.removesuffix(ending)
    ending = next((each for each in ENDINGS if bare.endswith(each)), "")
    return bool(ending) and is_dist(bare.removesuffix(ending))


def is_index(name: str) -> bool:
    """A file of conda's or mamba's copies of what channels hold."""
    return bool(_INDEX.fullmatch(name[:256]))


def is_downloads(tool: str, name: str) -> bool:
    """A folder at the top of the cache of pip, uv, rattler, or of this program.

    The database of advisories is none: without a network it cannot be fetched again.
    """
    if tool == "pip":
        return name in _PIP
    if tool == "uv":
        return bool(_UV.fullmatch(name[:256]))
    if tool == "rattler":
        return bool(_RATTLER.fullmatch(name[:256]))
    return name in _OURS
