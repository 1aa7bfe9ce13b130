"""Whether a variable's name says that its value is secret, and whether a value is one."""

from __future__ import annotations

from conda_preflight.grammar.url import has_credentials
from conda_preflight.pattern import lazy_pattern

_SECRET = lazy_pattern(
    r"(?i)(?:^|_)(?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)"
    r"(?:$|_)"
)
_HARMLESS = lazy_pattern(
    r"(?i)(?:_FILE|_PATH|_DIR|_URL|_URI|_NAME|_ID|_TYPE|_LENGTH|_LIMIT|_COUNT|_REF|_ENDPOINT)$"
    r"|^PWD$|CACHE_KEY$|PULL_SECRET$|(?:^|_)(?:BOS|EOS|PAD|SEP|CLS|UNK|STOP|MASK)_TOKEN"
)
_PLACEHOLDER = lazy_pattern(
    r"(?i)(?:your|my|change|replace|insert|enter|put|todo|xxx|example|placeholder|dummy|fake|none"
    r"|null|true|false|disabled|enabled|optional|empty|not[ _-])|\*{3}|\.{3}|.{0,40}\bx{4,}"
    r"|(?-i:[A-Z_]+$|.{0,60}(?:KEY|TOKEN|SECRET|PASSWORD)$)"
)
_WORDS = lazy_pattern(r"[a-z]+(?:[-_.][a-z]+)*")
_SHORTEST = 8
MAX_VALUE = 64 * 1024
"""Characters of a value or a command that are looked at."""


def is_secret_name(name: str) -> bool:
    """Whether a variable of that name holds a secret: ``HF_TOKEN``, and not ``TOKEN_FILE``."""
    return bool(_SECRET.search(name)) and not _HARMLESS.search(name)


def is_written_out(value: str) -> bool:
    """Whether a value is the secret itself, no variable, path, placeholder or short word."""
    plain = value.strip("\"'")
    if plain.startswith(("$", "<", "/", "{", "%", "[")) or len(plain) < _SHORTEST:
        return False
    return not _PLACEHOLDER.match(plain)


def is_weak(value: str) -> bool:
    """Whether a value is words alone, which may be the name of a secret, or a bad password."""
    return bool(_WORDS.fullmatch(value.strip("\"'")))


def holds_secret(name: str, value: str) -> bool:
    """Whether a variable is written with its secret, by its name or by the look of its value."""
    return shows_secret(value) or (is_secret_name(name) and is_written_out(value))


def shows_secret(text: str) -> bool:
    """Whether a text is or has a secret by its look: a token, or a URL with a password."""
    return has_credentials(text[:MAX_VALUE])
