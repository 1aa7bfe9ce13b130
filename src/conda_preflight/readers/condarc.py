"""``.condarc``: the settings of conda and mamba, and each file of a ``condarc.d``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from conda_preflight.documents import Condarc, Document, Layout, Location, Name, Setting, Source
from conda_preflight.errors import ReadError
from conda_preflight.facts.condarc_keys import ALIASES, KEYS, canonical
from conda_preflight.grammar.yaml_tree import Map, Node, Scalar, Seq, duplicates, load, locate
from conda_preflight.pattern import lazy_pattern

MAX_ITEMS = 10_000
MAX_DEPTH = 8
_NAMED = lazy_pattern(
    r"(?:^|[/._])condarc(?:\d|[._-][\w.-]*)?(?<!\.py|\.sh|\.md)(?<!\.txt|\.rst)(?<!\.json|\.toml)\Z"
    r"|(?:^|/)\.mambarc\Z|(?:^|/)\.?condarc\.d/[^/]+\.ya?ml\Z"
)
_TOP_KEY = lazy_pattern(r"^([A-Za-z_-]+)[ \t]*:(?=\s|\Z)", re.MULTILINE)
_SHARED = frozenset(("channels", "channel", "platform", "json", "force", "debug", "yes"))
_Item: TypeAlias = tuple[tuple[str, str], Location]


def recognizes(source: Source) -> bool:
    """A file called condarc, or YAML whose keys are all settings of conda or mamba."""
    path = source.path.lower()
    if _NAMED.search(path):
        return True
    if not path.endswith((".yml", ".yaml", ".rc")):
        return False
    keys = {canonical(key) for key in _TOP_KEY.findall(source.text[:50_000])}
    return bool(keys - _SHARED) and keys <= KEYS


def read(source: Source) -> list[Document]:
    """One Condarc, and a Layout with doubled and unknown keys; raises ReadError."""
    stream = load(source.text)
    tops = [node for node in stream.documents if not (isinstance(node, Scalar) and node.empty)]
    top = tops[0] if tops else Map(1, 1)
    if not isinstance(top, Map):
        raise ReadError(
            "A .condarc is a mapping of settings to values",
            "Write one setting a line, such as `channel_priority: strict`.",
            top.line,
            top.column,
        )
    second = Location(source.path, stream.starts[1], 1) if len(tops) > 1 else None
    layout = Layout(
        source.path,
        "condarc",
        tuple(duplicates(top, source.path)),
        max(len(tops), 1),
        second,
        tuple(_unknown(top, source.path)),
        KEYS.union(ALIASES),
        frozenset(key.text for key, _ in top.items()),
    )
    settings = tuple(_setting(key, value, source.path) for key, value in top.items())
    return [Condarc(source.path, Location(source.path, top.line, top.column), settings), layout]


def _unknown(top: Map, path: str) -> Iterator[Name]:
    for key, _ in tuple(top.items()):
        if canonical(key.text) not in KEYS:
            yield Name(key.text, locate(key, path))


def _setting(key: Scalar, value: Node, path: str) -> Setting:
    """A scalar as its text, a list of texts as they are, anything deeper as pairs."""
    name, place = canonical(key.text), locate(key, path)
    if isinstance(value, Scalar):
        return Setting(
            name, "" if value.empty else value.text, place, (locate(value, path),), key.text
        )
    if isinstance(value, Seq) and all(isinstance(item, Scalar) for item in value.items):
        items = [item for item in value.items if isinstance(item, Scalar) and not item.empty]
        _within(len(items), value)
        texts = tuple(item.text for item in items)
        return Setting(name, texts, place, tuple(locate(item, path) for item in items), key.text)
    found = _pairs(value, path)
    pairs, places = tuple(pair for pair, _ in found), tuple(at for _, at in found)
    return Setting(name, pairs, place, places, key.text)


def _pairs(top: Node, path: str) -> list[_Item]:
    """Every text below a node with the key that it stands under; ``a.b`` for a key in a key."""
    found: list[_Item] = []
    todo: list[tuple[str, Node, int]] = [("", top, 0)]
    while todo:
        key, node, depth = todo.pop()
        _within(len(found), node, depth)
        if isinstance(node, Scalar):
            found.append(((key, "" if node.empty else node.text), locate(node, path)))
        elif isinstance(node, Seq):
            todo.extend((key, item, depth + 1) for item in reversed(node.items))
        else:
            named = [(f"{key}.{k.text}" if key else k.text, v) for k, v in node.items()]
            todo.extend((name, value, depth + 1) for name, value in reversed(named))
    return found


def _within(count: int, node: Node, depth: int = 0) -> None:
    if count > MAX_ITEMS or depth > MAX_DEPTH:
        raise ReadError(
            f"A setting has more than {MAX_ITEMS} values, or more than {MAX_DEPTH} levels",
            "No setting of conda or mamba is that large.",
            node.line,
            node.column,
        )
