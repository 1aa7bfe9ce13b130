"""Credentials in URLs and texts: found, and masked before anything is shown."""

from __future__ import annotations

import re
from urllib.parse import unquote

from conda_preflight.pattern import lazy_pattern

MASK = "***"
_FIELD = r"\{\{[^}\n]{0,64}\}\}|\{(?!\{[^}\n]{0,64}\}\})"  # a template may hold spaces
_AUTHORITY = lazy_pattern(
    rf"(?<=//)(?:((?:{_FIELD}|[^\s/?#:@'\"{{])" + r"{0,256}):(?!\d{1,5}(?:[/?#\s]|$))"
    rf"((?:{_FIELD}|[^\s'\"{{])" + r"{0,512})|([^\s/?#@:'\"]{1,512}))@(?=[^\s@/])"
)
_TOKEN_PATH = lazy_pattern(r"(://[^\s'\"<>]{1,512}?/t/)([^\s/'\"<>]+)")
_WORDS = (
    r"access[_-]?key(?:[_-]?id)?|api[_-]?key|apikey|auth[_-]?token|client[_-]?secret|credentials?"
    r"|passwd|password|passphrase|private[_-]?key|pwd|secret(?:[_-]?(?:access[_-]?)?key)?|token"
)
_HINTS = ("key", "token", "secret", "cred", "pass", "pwd", "auth")
"""One of these, casefolded, is in whatever _WORDS or ``authorization`` match (no dotless i)."""
_PART = r"(?:[A-Za-z0-9]{1,32}[_-]){0,5}"
_QUERY = lazy_pattern(
    rf"(?<=[?&;#])({_PART}(?:{_WORDS}|key|auth|sig|signature|pass|x-amz-credential))"
    r"=([^\s&;#'\"<>]*)",
    re.IGNORECASE,
)
_VALUE = r"((?:(?:basic|bearer|token)[ \t]{1,8})?(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s'\",;&]+))"
_OPTION = lazy_pattern(rf"(?<!\S)(--?{_PART}(?:{_WORDS})(?:=|[ \t]{{1,8}})){_VALUE}", re.IGNORECASE)
_ASSIGNED = lazy_pattern(
    rf"(?<![A-Za-z0-9?&;#_-])((?:[A-Za-z0-9]{{1,32}}_){{0,5}}(?:{_WORDS}|authorization)"
    rf"['\"]?[ \t]{{0,8}}[=:][ \t]{{0,8}}){_VALUE}",
    re.IGNORECASE,
)
_COLON = r"['\"]?[ \t]{0,8}:[ \t]{0,8}"
_NAMED = lazy_pattern(
    rf"(name{_COLON}['\"]?[\w-]{{0,100}}(?:{_WORDS})[\w-]{{0,50}}"
    rf"['\"]?[ \t]{{0,8}},[ \t]{{0,8}}['\"]?value{_COLON}){_VALUE}",
    re.IGNORECASE,
)
_LOGIN_OPTION = lazy_pattern(r"(?<!\S)((?:-u|--user)(?:=|[ \t]{1,8}))([^\s:]{1,256}:\S+)")
_SHAPES = lazy_pattern(
    r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|hf_[A-Za-z0-9]{16,}|pypi-(?=[\w-]{0,200}[A-Z])[\w-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|sk-[A-Za-z0-9]{20,}|sk-(?:proj|ant|or)-[\w-]{16,}|xox[abprs]-[A-Za-z0-9-]{10,}"
    r"|npm_[A-Za-z0-9]{30,}|AIza[\w-]{30,}|dckr_pat_[\w-]{16,}|nvapi-[\w-]{16,}"
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+)"
)
_PLACEHOLDER = lazy_pattern(
    r"\$\{[^}]*\}|\$\(?[A-Za-z_]\w*\)?|\{\{[^}]*\}\}|\$\{\{[^}]*\}\}|%[A-Za-z_]\w*%|<[^>]*>|\*+"
    r"|x{3,}|\{[A-Za-z_]\w*\}|true|false|null|none|yes|no",
    re.IGNORECASE,
)
_LOGIN = lazy_pattern(r"[a-z][a-z._-]{0,40}\d{0,4}(?:@[\w.-]{1,200})?")
_LOOPBACK = lazy_pattern(
    r"(?:[\w-]+\.)?localhost|127(?:\.\d{1,3}){3}|::1|0\.0\.0\.0", re.IGNORECASE
)


def redact(text: str) -> str:
    """The text with every credential masked; what only names a variable stays.

    Masked are user and password of a URL, ``/t/TOKEN/``, secret query parameters,
    ``--password X``, ``TOKEN=X``, ``name: TOKEN, value: X`` and tokens of well-known shapes.
    """
    text = _in_urls(text)
    for pattern in (*_named_secrets(text), *((_LOGIN_OPTION,) if "-u" in text else ())):
        text = pattern.sub(lambda found: found[1] + _masked(found[2]), text)
    return text


def _named_secrets(text: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of words for a secret, which most texts lack: compiling these costs most."""
    folded = text.casefold()
    return (_OPTION, _ASSIGNED, _NAMED) if any(map(folded.__contains__, _HINTS)) else ()


def has_credentials(url: str) -> bool:
    """Whether a URL carries a secret itself, and not the name of a variable.

    A user without a password counts unless it is a plain login name such as ``git``.
    """
    return _in_urls(url) != url


def is_plain_http(url: str) -> bool:
    """Whether what it names travels without encryption: ``http://`` to another machine."""
    scheme, found, rest = url.strip().partition("://")
    if not found or scheme.rpartition("+")[2].lower() != "http":
        return False
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    in_brackets = authority.startswith("[")
    host = authority[1:].partition("]")[0] if in_brackets else authority.partition(":")[0]
    return bool(host) and not _LOOPBACK.fullmatch(host)


def _in_urls(text: str) -> str:
    if "@" in text:
        text = _AUTHORITY.sub(_masked_authority, text)
    if "/t/" in text:
        text = _TOKEN_PATH.sub(lambda found: found[1] + _masked(found[2]), text)
    if "=" in text and any(map(text.__contains__, "?&;#")):
        text = _QUERY.sub(lambda found: f"{found[1]}={_masked(found[2])}", text)
    return _SHAPES.sub(MASK, text)


def _masked_authority(found: re.Match[str]) -> str:
    user, password, alone = found.groups()
    if not password:
        name, colon = (user, ":") if alone is None else (alone, "")
        return f"{name if _LOGIN.fullmatch(unquote(name)) else _masked(name)}{colon}@"
    secret = _masked(password)
    return f"{MASK if secret == MASK and user else user}:{secret}@"


def _masked(secret: str) -> str:
    bare = secret.strip("'\" ")
    return secret if not bare or _PLACEHOLDER.fullmatch(bare) else MASK
