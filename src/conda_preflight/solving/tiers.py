"""Channel names as URLs, in the order in which conda asks them.

Source: conda's ``channel_alias``, ``default_channels``, ``custom_channels`` and its
rule that the channel of a ``channel::package`` is asked too, after the listed ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from conda_preflight.documents import PLATFORMS, Manifest, Spec
from conda_preflight.grammar.channel import channel_name
from conda_preflight.pattern import lazy_pattern
from conda_preflight.solving.question import Tier

ALIAS = "https://conda.anaconda.org"
LICENSED = "https://repo.anaconda.com"
_DEFAULTS = ("pkgs/main", "pkgs/r")
_SUBDIRS = frozenset((*PLATFORMS, "noarch"))
_TOKEN = lazy_pattern(r"/t/[^/]+(?=/|$)")


def tiers(
    manifest: Manifest, specs: Iterable[Spec], platform: str, alias: str, folder: str
) -> tuple[Tier, ...]:
    """The channels of a manifest by falling priority, each once; ``defaults`` where it has none."""
    named = [c.text for c in manifest.channels if channel_name(c.text) != "nodefaults"]
    named = named or ["defaults"]
    named += [s.channel for s in specs if s.channel]
    return tuple(dict.fromkeys(tier_of(text, platform, alias, folder) for text in named))


def tier_of(text: str, platform: str, alias: str = ALIAS, folder: str = "") -> Tier:
    """A channel as it is written, by URL; relative paths count from ``folder``."""
    plain = _without_subdir(text.strip().rstrip("/"))
    if plain == "defaults":
        windows = ("pkgs/msys2",) if platform.startswith("win-") else ()
        urls = (_licensed(name, alias) for name in (*_DEFAULTS, *windows))
        return Tier(tuple(urls), "defaults")
    return Tier((next(_url(plain, alias, folder)),), channel_name(plain))


def _url(text: str, alias: str, folder: str) -> Iterator[str]:
    if "://" in text:
        yield text
    if text.startswith(("/", "./", "../", "~/")) or text in (".", ".."):
        yield PurePosixPath(folder or "/", text).as_uri()
    if text.startswith("pkgs/"):
        yield _licensed(text, alias)
    yield f"{alias.rstrip('/')}/{text}"


def _licensed(name: str, alias: str) -> str:
    """Where Anaconda's own channels are: beside the others when somebody moved the alias."""
    return f"{(LICENSED if alias == ALIAS else alias).rstrip('/')}/{name}"


def _without_subdir(text: str) -> str:
    head, _, tail = text.rpartition("/")
    return head if head and tail in _SUBDIRS else text


def is_local(url: str) -> bool:
    """Whether a channel lies on this machine, so that no network is needed for it."""
    return url.lower().startswith("file://")


def without_credentials(url: str) -> str:
    """A URL without user, password and conda's ``/t/TOKEN``, which belong in no lock."""
    scheme, found, rest = url.partition("://")
    if not found or scheme == "file":
        return url
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{_TOKEN.sub('', slash + path, count=1)}"
