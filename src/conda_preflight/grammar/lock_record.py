"""One mapping of a lock file, read by key with the place of every fault."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.documents import Channel, Layout, Location, Name
from conda_preflight.errors import ReadError
from conda_preflight.grammar.channel import channel
from conda_preflight.grammar.yaml_tree import (
    Map,
    Node,
    Scalar,
    Seq,
    Stream,
    duplicates,
    load,
    locate,
)

_AGAIN = "The file may be cut off or edited by hand; lock again."
_HEX = frozenset("0123456789abcdef")
_SHAPES = {Map: "a mapping", Seq: "a list", Scalar: "a text"}
_LAST_SECOND = 253_402_300_799  # of the year 9999; what is larger counts milliseconds
DIGESTS = {"md5": 32, "sha256": 64}
"""The number of hexadecimal digits of each digest that locks hold."""


class Record:
    """A mapping node with its scalar keys; every method raises ReadError on a wrong shape."""

    __slots__ = ("fields", "node", "path", "what")

    def __init__(self, node: Node, path: str, what: str) -> None:
        if not isinstance(node, Map):
            raise fault(node, f"{what} must be a mapping of keys and values, and is {shape(node)}")
        self.node = node
        self.path = path
        self.what = what
        self.fields: dict[str, Node] = {key.text: value for key, value in node.items()}

    def scalar(self, key: str) -> Scalar | None:
        """The scalar under a key, None where there is none or nothing in it."""
        node = self.fields.get(key)
        if node is None or isinstance(node, Scalar):
            return None if node is None or node.empty else node
        raise fault(node, f"`{key}` of {self.what} must be a text, and is {shape(node)}")

    def text(self, key: str) -> str:
        """The text under a key, empty where there is none."""
        node = self.scalar(key)
        return node.text if node else ""

    def required(self, key: str) -> Scalar:
        """The scalar under a key that the format demands."""
        node = self.scalar(key)
        if node is None or not node.text:
            raise fault(self.fields.get(key, self.node), f"`{key}` is missing in {self.what}")
        return node

    def items(self, key: str) -> list[Node]:
        """The nodes of a list, none where the key is absent."""
        node = self.fields.get(key)
        if node is None or (isinstance(node, Scalar) and node.empty):
            return []
        if isinstance(node, Seq):
            return node.items
        raise fault(node, f"`{key}` of {self.what} must be a list, and is {shape(node)}")

    def texts(self, key: str) -> list[Scalar]:
        """The scalars of a list of texts."""
        return [self._word(node, key) for node in self.items(key)]

    def words(self, key: str) -> tuple[str, ...]:
        """The texts of a list."""
        return tuple([node.text for node in self.texts(key)])

    def record(self, key: str) -> Record | None:
        """The mapping under a key, None where it is absent."""
        node = self.fields.get(key)
        if node is None or (isinstance(node, Scalar) and node.empty):
            return None
        return Record(node, self.path, f"`{key}` of {self.what}")

    def specs(self, key: str) -> tuple[str, ...]:
        """Requirements as texts, from a list or from a mapping of name and constraint."""
        node = self.fields.get(key)
        if not isinstance(node, Map):
            return self.words(key)
        pairs = ((name.text, self._word(value, key)) for name, value in node.items())
        return tuple([f"{name} {value.text}" if value.text else name for name, value in pairs])

    def digest(self, key: str) -> str:
        """A digest in lower case, empty where there is none."""
        node = self.scalar(key)
        if node is None or not node.text:
            return ""
        plain = node.text.lower()
        if len(plain) != DIGESTS[key] or not _HEX.issuperset(plain):
            raise fault(node, f"The {key} of {self.what} is not {DIGESTS[key]} hexadecimal digits")
        return plain

    def number(self, key: str) -> int | None:
        """A whole number, None where there is none."""
        node = self.scalar(key)
        if node is None:
            return None
        if not (node.text.isascii() and node.text.isdigit() and len(node.text) < 19):  # noqa: PLR2004
            raise fault(node, f"`{key}` of {self.what} must be a whole number")
        return int(node.text)

    def moment(self, key: str) -> int:
        """A time in milliseconds since 1970, 0 where there is none; some tools write seconds."""
        text = self.text(key)
        if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004
            return 0
        return int(text) if int(text) > _LAST_SECOND else int(text) * 1000

    def one_or_many(self, key: str) -> tuple[str, ...]:
        """The texts of a list, or the one text that stands in its place."""
        node = self.fields.get(key)
        return (node.text,) if isinstance(node, Scalar) and not node.empty else self.words(key)

    def names(self, key: str) -> tuple[Name, ...]:
        """The texts of a list with their places."""
        return tuple(Name(node.text, locate(node, self.path)) for node in self.texts(key))

    def channels(self) -> tuple[Channel, ...]:
        """The channels of a list of ``url:`` mappings or plain texts."""
        return tuple(self._channel(node) for node in self.items("channels"))

    def unknown(self, known: frozenset[str]) -> list[Name]:
        """The keys that the format does not have."""
        if self.fields.keys() <= known:
            return []
        strange = (key for key, _ in self.node.items() if key.text not in known)
        return [Name(key.text, locate(key, self.path)) for key in strange]

    def _channel(self, node: Node) -> Channel:
        if isinstance(node, Map):
            node = Record(node, self.path, "this channel").required("url")
        word = self._word(node, "channels")
        return channel(word.text, locate(word, self.path))

    def _word(self, node: Node, key: str) -> Scalar:
        if not isinstance(node, Scalar):
            raise fault(node, f"`{key}` of {self.what} must hold texts, and here is {shape(node)}")
        return node


def open_lock(text: str, path: str, what: str) -> tuple[Stream, Record]:
    """The YAML and its first document; raises ReadError when that is no mapping."""
    stream = load(text)
    tops = [node for node in stream.documents if not (isinstance(node, Scalar) and node.empty)]
    if not tops:
        raise ReadError(f"{what} is empty", _AGAIN, 1, 1)
    return stream, Record(tops[0], path, what)


def layout(stream: Stream, path: str, kind: str, unknown: Iterable[Name]) -> list[Layout]:
    """One Layout where keys stand twice or are unknown, or a second document follows."""
    repeated = tuple(duplicates(stream.documents[0], path))
    count = len(stream.documents)
    strange = tuple(unknown)
    if not (repeated or strange or count > 1):
        return []
    second = Location(path, stream.starts[1], 1) if count > 1 else None
    return [Layout(path, kind, repeated, count, second, strange)]


def version(top: Record, supported: range, default: str = "") -> str:
    """The format's version; raises ReadError when it is missing or not supported."""
    text = top.text("version") or default
    node = top.fields.get("version", top.node)
    if not text:
        raise fault(node, f"{top.what} has no `version`")
    if text not in map(str, supported):
        span = f"{supported[0]} to {supported[-1]}" if len(supported) > 1 else f"{supported[0]}"
        hint = f"Versions that can be read: {span}. Lock again with a tool that writes one."
        raise ReadError(
            f"Version {text[:20]!r} of {top.what} cannot be read", hint, node.line, node.column
        )
    return text


def shape(node: Node) -> str:
    """What a node is, in words."""
    if isinstance(node, Scalar) and node.empty:
        return "empty"
    return _SHAPES[type(node)]


def fault(node: Node, message: str, hint: str = _AGAIN) -> ReadError:
    """The error that a node is at fault."""
    return ReadError(message, hint, node.line, node.column)
