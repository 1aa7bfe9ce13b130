"""The name of an image in a registry: ``registry.example.org/nlp/chat:1.4@sha256:...``.

Source: https://github.com/distribution/reference.
"""

from __future__ import annotations

from conda_preflight.errors import UsageError
from conda_preflight.grammar.url import is_plain_http, redact
from conda_preflight.oci.blobs import DIGEST
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

SCHEMES = ("docker://", "oci://")
HUB = "docker.io"
_HUB_NAMES = (HUB, "index.docker.io", "registry-1.docker.io")
_HUB_SERVER = "registry-1.docker.io"
_MAX_NAME = 255
_PART = lazy_pattern(r"[a-z0-9]+(?:[._-]{1,8}[a-z0-9]+)*")
_TAG = lazy_pattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_HOST = lazy_pattern(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\])(?::\d{1,5})?")
_FORM = "Such as registry.example.org/nlp/chat:1.4, or the same with @sha256:... at its end."


@value_type
class Reference:
    """Where an image is: ``tag`` and ``digest`` are empty where they are not named."""

    host: str
    name: str
    tag: str = ""
    digest: str = ""

    @property
    def wanted(self) -> str:
        """What to ask for: the digest before the tag."""
        return self.digest or self.tag or "latest"

    @property
    def server(self) -> str:
        """The host that answers, which for Docker Hub is not the one in the name."""
        return _HUB_SERVER if self.host == HUB else self.host

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, so that nobody listens on the way."""
        return not is_plain_http(f"http://{self.host}")

    @property
    def text(self) -> str:
        """The whole name."""
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.host}/{self.name}{tag}{digest}"


def read_reference(text: str) -> Reference:
    """The parts of a name; raises UsageError for what is none."""
    scheme = next((each for each in SCHEMES if text.startswith(each)), "")
    whole, at, digest = text.removeprefix(scheme).partition("@")
    head, colon, tag = whole.rpartition(":")
    is_tag = bool(colon) and "/" not in tag and bool(head)
    host, name = _host(head if is_tag else whole)
    tag = tag if is_tag else ""
    right_tag = _TAG.fullmatch(tag) if is_tag else True
    right_digest = DIGEST.fullmatch(digest) if at else True
    if not (_is_name(name) and _HOST.fullmatch(host) and right_tag and right_digest):
        shown = redact(f"//{text}")[2:202]
        raise UsageError(f"{shown!r} is no name of an image in a registry", _FORM)
    return Reference(host, name, tag, digest)


def is_reference(text: str) -> bool:
    """Whether a text says by itself that a registry is meant: a host, a tag or a digest."""
    try:
        found = read_reference(text)
    except UsageError:
        return text.startswith(SCHEMES)
    named = found.host != HUB or text.startswith((*SCHEMES, *_HUB_NAMES))
    return named or bool(found.tag or found.digest)


def _host(text: str) -> tuple[str, str]:
    """The host and the name; one without a host is in Docker Hub."""
    first, slash, rest = text.partition("/")
    if slash and (first == "localhost" or "." in first or ":" in first):
        if first.lower() not in _HUB_NAMES:
            return first.lower(), rest
        text = rest
    return HUB, text if "/" in text else f"library/{text}"


def _is_name(name: str) -> bool:
    return len(name) <= _MAX_NAME and all(_PART.fullmatch(part) for part in name.split("/"))
