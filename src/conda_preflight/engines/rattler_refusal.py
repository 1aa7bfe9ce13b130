"""Why py-rattler could not do it, as a sentence and a hint: bounded, and without credentials."""

from __future__ import annotations

from conda_preflight.grammar.url import redact
from conda_preflight.solving.question import Untried

_MAX_REASON = 600
_MAX_LINE = 300
_LOGIN = "Log in to the channel: docs/lock.md says where credentials are looked for."
_HINTS = {
    "401 Unauthorized": _LOGIN,
    "403 Forbidden": _LOGIN,
    "404 Not Found": "Check the channel's name. A channel has at least noarch/repodata.json.",
    "No such file or directory": (
        "Check the channel's path. A channel has at least noarch/repodata.json."
    ),
    "429 Too Many Requests": "The server asks for patience: try again later.",
    "server error (5": "The server has a fault of its own: try again later.",
    "(Connect)": "Check the address and the network, or solve from a snapshot with --offline.",
    "error decoding": "The server sent something else than repodata, or not all of it: try again.",
    "failed to parse": "What the channel serves is no repodata.",
    "frame descriptor": "What the channel serves is no repodata.",
}


def untried(text: str) -> Untried:
    """What the library says, its causes in one line."""
    lines = [line.strip()[:_MAX_LINE] for line in redact(text).splitlines() if line.strip()]
    lines = [line for line in lines if line != "Caused by:"]
    reason = "; ".join(dict.fromkeys(lines))[:_MAX_REASON]
    hint = next((hint for sign, hint in _HINTS.items() if sign in text), "")
    return Untried(reason, hint)


def is_panic(error: BaseException) -> bool:
    """Whether it is a panic of Rust code, which PyO3 raises beside all other exceptions."""
    return type(error).__name__ == "PanicException"
