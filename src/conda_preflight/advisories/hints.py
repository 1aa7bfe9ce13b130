"""What a text suggests about where a flaw matters, for whoever judges it."""

from __future__ import annotations

_HINTS = (
    (("windows",), "its text speaks of Windows"),
    (
        ("github action", "workflow file", "ci workflow", "ci/cd", "ci pipeline", "dockerfile"),
        "its text speaks of a workflow or a Dockerfile, maybe not of the package",
    ),
    (
        ("gnutls", "wolfssl", "wolfssh", "schannel", "mbedtls", "rustls"),
        "its text speaks of one back end, which the package may be built without",
    ),
    (("disputed", "disputes"), "somebody disputes it"),
)


def hints(text: str, product: str) -> tuple[str, ...]:
    """Sentences about a text in lower case; a product is no back end of itself."""
    return tuple(told for words, told in _HINTS if any(w in text and w != product for w in words))
