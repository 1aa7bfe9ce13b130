"""``environment.yml``: the manifest that conda, mamba, micromamba and conda-lock read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.documents import (
    Document,
    Layout,
    Location,
    Manifest,
    Name,
    Requirement,
    Source,
    Spec,
)
from conda_preflight.errors import ReadError
from conda_preflight.grammar import match_spec, requirement
from conda_preflight.grammar.channel import channel
from conda_preflight.grammar.yaml_tree import Map, Node, Scalar, Seq, duplicates, load, locate
from conda_preflight.pattern import lazy_pattern

KEYS = frozenset(
    ("name", "channels", "dependencies", "prefix", "variables", "platforms", "category")
)
"""Keys that conda, mamba or conda-lock know; source: CEP 24 and conda-lock's documentation."""

_YAML = lazy_pattern(r"\.ya?ml(?:\.[a-z0-9]{1,12})?$")  # also environment.yml.template
_TOP_KEY = lazy_pattern(r"^(?:dependencies|channels)\s*:", re.MULTILINE)
_OTHER = lazy_pattern(
    r"^(?:package|metadata|version|build|requirements|jobs|apiVersion)\s*:", re.MULTILINE
)
_FILE_NAME = lazy_pattern(
    r"(?:^|[/_.-])(?:conda[_-]?)?env(?:ironment)?s?[\w.-]*\.ya?ml$", re.IGNORECASE
)
_SELECTOR = lazy_pattern(r"#[^\[\n]*\[([\w\s()!<>=.]{1,200})\]")
MAX_TEXT = 1024 * 1024
_MAX_COMMENT = 400  # characters, since a line of flow style may be all of the file
_PLATFORM_WORD = lazy_pattern(r"\b(?:linux|win|osx|unix|arm64|aarch64|ppc64le|x86)(?:32|64|_64)?\b")
_MAPPED_SELECTOR = lazy_pattern(r"sel\((\w+)\)")


def recognizes(source: Source) -> bool:
    """YAML with a top-level ``dependencies`` or ``channels`` key, or an environment's name."""
    base = source.path.lower()
    if not _YAML.search(base):
        return False
    head = source.text[:200_000]
    if _OTHER.search(head):
        return False
    return bool(_TOP_KEY.search(head) or _FILE_NAME.search(base))


def read(source: Source) -> list[Document]:
    """One Manifest, and a Layout that tells of doubled or unknown keys and further documents."""
    if len(source.text) > MAX_TEXT:
        raise ReadError("This manifest is larger than 1 MiB, which none needs to be")
    stream = load(source.text)
    tops = [node for node in stream.documents if not (isinstance(node, Scalar) and node.empty)]
    if not tops:
        raise ReadError(
            "The file holds no environment: it is empty", "Write name, channels, dependencies."
        )
    top = tops[0]
    if not isinstance(top, Map):
        raise ReadError(
            "An environment file is a mapping with name, channels and dependencies",
            "Begin with `name: ...`.",
            top.line,
            top.column,
        )
    return [_manifest(top, source), _layout(top, stream.starts, len(tops), source)]


def _layout(top: Map, starts: list[int], count: int, source: Source) -> Layout:
    second = Location(source.path, starts[1], 1) if count > 1 else None
    unknown = tuple(
        Name(key.text, locate(key, source.path)) for key, _ in top.items() if key.text not in KEYS
    )
    repeated = tuple(duplicates(top, source.path))
    present = frozenset(key.text for key, _ in top.items())
    return Layout(source.path, "environment.yml", repeated, count, second, unknown, KEYS, present)


def _manifest(top: Map, source: Source) -> Manifest:
    path = source.path
    specs: list[Spec] = []
    pip: list[Requirement] = []
    sections: list[Location] = []
    for item in _dependencies(top):
        if isinstance(item, Map):
            _refuse_template(item)
            for key, value in item.items():
                if key.text == "pip":
                    sections.append(locate(key, path))
                    pip.extend(_pip(value, source))
                else:
                    specs.extend(_mapped(key, value, source))
        else:
            specs.append(_spec(item, source))
    named = _name(top, "name", path)
    channels_key = top.key("channels")
    return Manifest(
        path=path,
        kind="environment.yml",
        location=Location(path, top.line, 1),
        name=named,
        channels=tuple(channel(n.text, locate(n, path)) for n in _texts(top, "channels")),
        channels_location=locate(channels_key, path) if channels_key else None,
        specs=tuple(specs),
        pip=tuple(pip),
        pip_locations=tuple(sections),
        platforms=tuple(Name(n.text, locate(n, path)) for n in _texts(top, "platforms")),
        prefix=_name(top, "prefix", path),
        variables=tuple(_variables(top, path)),
        partial=not (named or channels_key or any(s.name == "python" for s in specs)),
    )


def _dependencies(top: Map) -> list[Node]:
    node = top.get("dependencies")
    if node is None or (isinstance(node, Scalar) and node.empty):
        return []
    if isinstance(node, Seq):
        return node.items
    raise ReadError(
        "`dependencies` is a list, one package a line with a dash before it",
        "Write `- name=version` below `dependencies:`.",
        node.line,
        node.column,
    )


def _refuse_template(item: Map) -> None:
    """``- {{ python }}`` is YAML too: a mapping whose key is a mapping."""
    for key, _ in item.pairs:
        if not isinstance(key, Scalar):
            raise ReadError(
                "This is a template with places that nobody has filled in",
                "Fill it in first, or quote the entry.",
                key.line,
                key.column,
            )


def _spec(node: Node, source: Source) -> Spec:
    if isinstance(node, Scalar):
        selector = _selector(node, source)
        return match_spec.parse(node.text, locate(node, source.path), selector)
    raise ReadError("A dependency is a text, and here is a list", "", node.line, node.column)


def _mapped(key: Scalar, value: Node, source: Source) -> Iterator[Spec]:
    """``sel(linux): spec`` as micromamba has it; any other mapping is a spec that conda refuses."""
    selector = _MAPPED_SELECTOR.fullmatch(key.text)
    if selector and isinstance(value, Scalar):
        yield match_spec.parse(value.text, locate(value, source.path), selector[1])
        return
    text = value.text if isinstance(value, Scalar) and not value.empty else ""
    glue = "" if text[:1] in ("=", "<", ">", "!", "~") else "="
    meant = f"{key.text}{glue}{text}" if text else None
    error = f"`{key.text}:` begins a mapping, and a dependency is a plain text"
    yield Spec(key.text, locate(key, source.path), key.text.lower(), error=error, meant=meant)


def _pip(node: Node, source: Source) -> Iterator[Requirement]:
    if isinstance(node, Scalar) and node.empty:
        return
    items = node.items if isinstance(node, Seq) else [node]
    for item in items:
        if not isinstance(item, Scalar):
            raise ReadError(
                "An entry under `pip:` is one text, and here is a nested one",
                "Check the indentation; quote an entry that holds a colon and a space.",
                item.line,
                item.column,
            )
        line = requirement.parse(item.text, locate(item, source.path))
        selector = _selector(item, source)
        yield replace(line, selector=selector) if selector else line


def _selector(node: Scalar, source: Source) -> str | None:
    end = node.column - 1 + node.length
    after = source.line(node.line)[end : end + _MAX_COMMENT]
    match = _SELECTOR.match(after.strip()) if "#" in after else None
    return match[1].strip() if match and _PLATFORM_WORD.search(match[1]) else None


def _name(top: Map, key: str, path: str) -> Name | None:
    node = top.get(key)
    if not isinstance(node, Scalar) or node.empty:
        return None
    return Name(node.text, locate(node, path))


def _texts(top: Map, key: str) -> list[Scalar]:
    node = top.get(key)
    items = node.items if isinstance(node, Seq) else [node]
    return [item for item in items if isinstance(item, Scalar) and not item.empty]


def _variables(top: Map, path: str) -> Iterator[Name]:
    node = top.get("variables")
    if isinstance(node, Map):
        for key, value in node.items():
            text = value.text if isinstance(value, Scalar) else ""
            yield Name(f"{key.text}={text}", locate(key, path))
