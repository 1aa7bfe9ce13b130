"""One conda requirement (a MatchSpec) as conda itself would read it.

Source of the grammar: the behaviour of conda 24 to 26, which splits channel, name,
version and build in this order and then reads the version as a VersionSpec. What
conda reads differently from what was meant is an error here too, with what was meant.
"""

from __future__ import annotations

import re
from dataclasses import replace

from conda_preflight.documents import Location, Spec

MAX_LENGTH = 2048

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_NAME_END = re.compile(r"[ =<>!~]")
_BRACKETS = re.compile(r"^([^\[]*)\[([^\]]*)\]$")
_PAIR = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*(\"[^\"]*\"|'[^']*'|[^,'\"]*)\s*(?:,|$)")
_TERM = re.compile(r"(==|!=|<=|>=|~=|=|<|>)?((?:\d+!)?[^=<>!~]+)")
_VERSION = re.compile(r"[*.+!_0-9A-Za-z\-]+")
_PACKAGE_FILE = re.compile(r"\.(?:tar\.bz2|conda)(?:#.*)?$")
_PIP_LINE = re.compile(r"(?:-[a-zA-Z]|--[a-z])|(?:git|hg|svn|bzr)\+|.+ @ |\./|\.\./|\.$")
_SWAPPED = {"=>": ">=", "=<": "<=", "=!": "!=", "=~": "~=", "===": "=="}
_QUOTES = "\"'"


def parse(text: str, location: Location, selector: str | None = None) -> Spec:
    """The parts of a conda spec; never raises, what conda would refuse is in ``error``."""
    bare = text.strip()
    spec = _parse(bare, location)
    return replace(spec, text=text, selector=selector) if selector or text != bare else spec


def _parse(text: str, location: Location) -> Spec:
    if len(text) > MAX_LENGTH:
        return Spec(text, location, "", error=f"A spec of {len(text)} characters is no package")
    if not text:
        return Spec(text, location, "", error="This entry is empty")
    if _PIP_LINE.match(text):
        return _pip_line(text, location)
    if "://" in text and _PACKAGE_FILE.search(text):
        return _from_url(text, location)
    channel, rest, error = _split_channel(text)
    spec = _named(text, rest, location)
    return replace(
        spec,
        channel=channel or spec.channel,
        error=error or spec.error,
        meant=text.replace(":", "::", 1) if error else _with_channel(channel, spec.meant),
    )


def _pip_line(text: str, location: Location) -> Spec:
    return Spec(
        text,
        location,
        "",
        error="This is a line for pip, and conda takes it for a package name",
        meant="the same line under `pip:`",
    )


def _from_url(text: str, location: Location) -> Spec:
    base = _PACKAGE_FILE.sub("", text.partition("#")[0].rpartition("/")[2])
    parts = base.rsplit("-", 2)
    if len(parts) != 3:  # noqa: PLR2004  (name, version, build)
        return Spec(text, location, "", url=text, error="The file name is not name-version-build")
    name, version, build = parts
    return Spec(text, location, name.lower(), f"=={version}", build, url=text)


def _split_channel(text: str) -> tuple[str | None, str, str | None]:
    """The channel before ``::``; a single colon is a namespace to conda, not a channel."""
    head, found, rest = text.partition("::")
    if found and not _NAME_END.search(head.partition("://")[0]):
        return head.strip() or None, rest.strip(), None
    head, found, rest = text.partition(":")
    if found and _NAME.fullmatch(head) and _NAME.match(rest.strip()):
        wrong = f"conda reads `{head}:` as a namespace and ignores it; a channel takes two colons"
        return head, rest.strip(), wrong
    return None, text, None


def _with_channel(channel: str | None, meant: str | None) -> str | None:
    return f"{channel}::{meant}" if channel and meant else meant


def _named(text: str, rest: str, location: Location) -> Spec:
    if "[" in rest:
        return _bracketed(text, rest, location)
    if ";" in rest:
        return _marked(text, rest, location)
    end = _NAME_END.search(rest)
    name = (rest[: end.start()] if end else rest).strip()
    if not _NAME.fullmatch(name):
        shown = name or rest
        return Spec(text, location, "", error=f"`{shown}` is not a name that a package can have")
    tail = rest[len(name) :].strip()
    version, build, error, meant = _version_and_build(tail)
    return Spec(
        text,
        location,
        name.lower(),
        version,
        build,
        error=error,
        meant=f"{name}{meant}" if meant else None,
    )


def _marked(text: str, rest: str, location: Location) -> Spec:
    bare = rest.partition(";")[0].strip()
    spec = _named(text, bare, location)
    error = "conda has no environment markers; what follows the semicolon is not understood"
    return replace(spec, error=error, meant=bare)


def _bracketed(text: str, rest: str, location: Location) -> Spec:
    match = _BRACKETS.match(rest)
    bare = rest.partition("[")[0].strip()
    if match is None:
        return Spec(text, location, bare.lower(), error="The brackets are not closed at the end")
    inner = match[2]
    pairs = {m[1]: m[2].strip().strip(_QUOTES) for m in _PAIR.finditer(inner)}
    if not pairs and inner.strip():
        error = f"Extras such as [{inner}] belong to pip; conda refuses the brackets"
        return replace(_named(text, bare, location), error=error, meant=bare)
    spec = _named(text, bare, location)
    version = pairs.get("version", "")
    error = _version_error(version.replace(" ", ""))[0] if version else None
    return replace(
        spec,
        version=_exact(version.replace(" ", "")) if version else spec.version,
        build=pairs.get("build", spec.build),
        channel=pairs.get("channel"),
        url=pairs.get("url"),
        error=spec.error or error,
    )


def _version_and_build(tail: str) -> tuple[str | None, str | None, str | None, str | None]:
    """Version, build, error and the tail that was meant, from what follows the name."""
    if not tail:
        return None, None, None, None
    version, build = _split_build(tail)
    version = version.replace(" ", "")
    error, meant = _version_error(version)
    if error:
        return version, build, error, meant
    if build is not None and version[0] == "=" and version[1:2] != "=":
        version = version[1:]
    return _exact(version), build, None, None


def _split_build(tail: str) -> tuple[str, str | None]:
    """``=1.2=py39_0`` and ``1.2 py39_0`` have a build, ``>= 1.2`` and ``1.2, <2`` have none."""
    at = max(tail.rfind(" "), tail.rfind("="))
    if at <= 0 or tail[at - 1] in "=!|,<>~":
        return tail, None
    build = tail[at + 1 :].strip()
    before = tail[:at].rstrip()
    if not build or not before or before[-1] in "=!|,<>~" or any(c in build for c in "-=,|<>~"):
        return tail, None
    return before, build


def _exact(version: str) -> str | None:
    """A bare version is exact to conda; ``*`` is any."""
    if version in ("*", "=*", "==*"):
        return None
    if version[:1] in "=<>!~^(" or any(c in version for c in "*,|"):
        return version.replace("==", "", 1) if _is_glob(version) else version
    return f"=={version}"


def _is_glob(version: str) -> bool:
    return version.startswith("==") and version.endswith("*") and not set(",|") & set(version)


def _version_error(version: str) -> tuple[str | None, str | None]:
    """A sentence and what was meant, when conda does not read this as a version."""
    if version.startswith("^"):
        return None, None
    if any(quote in version for quote in _QUOTES):
        clean = version.replace('"', "").replace("'", "")
        return "The quotes are part of the pin, and no version has them", clean
    for wrong, right in _SWAPPED.items():
        if version.startswith(wrong) or f",{wrong}" in version:
            return f"`{wrong}` is not an operator of conda", version.replace(wrong, right)
    for term in re.split(r"[,|]", version.replace("(", "").replace(")", "")):
        if problem := _term_error(term):
            return problem
    return None, None


def _term_error(term: str) -> tuple[str, str | None] | None:
    match = _TERM.fullmatch(term)
    if match is None:
        two = len(re.findall(r"[<>!~=]+", term)) > 1
        hint = re.sub(r"(?<=[\w*.])(?=[<>!~=]+[\w*])", ",", term) if two else None
        return f"conda cannot read the version `{term}`", hint
    if not _VERSION.fullmatch(match[2]):
        return f"`{match[2]}` has a character that no version has", None
    if "+" in match[2] and not match[2].endswith("+"):
        public = match[2].partition("+")[0]
        local = match[2].partition("+")[2]
        text = f"`+{local}` is a wheel's local version; conda packages name it in the build"
        return text, f"{match[1] or '='}{public}"
    return None
