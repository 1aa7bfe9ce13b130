"""One conda requirement (a MatchSpec) as conda itself would read it.

Source of the grammar: the behaviour of conda 24 to 26, which takes away the comment and
the brackets, then parts channel, name, version and build in this order, and reads the
version as a VersionSpec. What conda reads differently from what was meant is an error
here too, with what was meant.
"""

from __future__ import annotations

from dataclasses import replace

from conda_preflight.documents import Location, Spec
from conda_preflight.grammar.version_mistake import Mistake, mistake
from conda_preflight.pattern import lazy_pattern

MAX_LENGTH = 2048

_NAME = lazy_pattern(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_NAME_END = lazy_pattern(r"[ =<>!~^]")
_BRACKETS = lazy_pattern(r"\[([^\[\]]*)\]")
_PAIR = lazy_pattern(
    r"(?<![\w-])([A-Za-z_][\w-]*+)\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^,'\" ]*+)\s*(?:[, ]|$)"
)
_PACKAGE_FILE = lazy_pattern(r"\.(?:tar\.bz2|conda)$")
_PIP_LINE = lazy_pattern(r"(?:-[a-zA-Z]|--[a-z])|(?:git|hg|svn|bzr)\+|.+ @ |\./|\.\./|\.$")
_NO_BUILD = "-=,|<>~"
_BEFORE_BUILD = "=!|,<>~"
_COLON = "conda ignores what stands before a single colon; a channel takes two"
_FOR_PIP = "This is a line for pip, and conda takes it for a package name"
_MARKER = "conda has no environment markers, and refuses the semicolon"
_CONDITION = "conda has no conditions, and ignores what follows `if`"
_GROUPED = "conda drops what is in parentheses, or refuses the line"


def parse(
    text: str, location: Location, selector: str | None = None, *, grouped: bool = False
) -> Spec:
    """The parts of a conda spec; never raises, what conda would refuse is in ``error``.

    ``grouped`` is true where parentheses may group versions, as in pixi.toml.
    """
    spec = _whole(text.strip(), location, grouped=grouped)
    return replace(spec, text=text, selector=selector)


def _whole(text: str, location: Location, *, grouped: bool) -> Spec:
    if len(text) > MAX_LENGTH:
        return Spec(text, location, "", error=f"A spec of {len(text)} characters is no package")
    plain = text.partition("#")[0].strip()
    if not plain:
        return Spec(text, location, "", error="This entry is empty")
    if _PACKAGE_FILE.search(plain):
        return _from_file(plain, location)
    if _PIP_LINE.match(plain):
        return Spec(text, location, "", error=_FOR_PIP)
    bare, found, _ = plain.partition(" if ")
    spec = _with_channel(bare.strip(), location, grouped=grouped)
    if found and not spec.error:
        return replace(spec, error=_CONDITION, meant=None)
    return spec


def _from_file(text: str, location: Location) -> Spec:
    """A package by URL or path; its file name says name, version and build."""
    base = _PACKAGE_FILE.sub("", text.rpartition("/")[2].rpartition("\\")[2])
    parts = base.rsplit("-", 2)
    if len(parts) != 3:  # noqa: PLR2004  (name, version, build)
        return Spec(text, location, "", url=text, error="The file name is not name-version-build")
    name, version, build = parts
    return Spec(text, location, name.lower(), f"=={version}", build, url=text)


def _with_channel(text: str, location: Location, *, grouped: bool) -> Spec:
    """A single colon parts a namespace that conda ignores, two part the channel."""
    outer, mark, inner = text.partition("[")
    if "/" in outer and not mark and "::" not in outer:
        return Spec(text, location, "", error=f"`{text}` is not a name that a package can have")
    parts = outer.rsplit(":", 2)
    rest = parts[-1].strip() + mark + inner
    channel = parts[0].strip() if len(parts) == 3 else ""  # noqa: PLR2004  (a::b)
    spec = _bracketed(rest, location, grouped=grouped)
    channel = spec.channel or channel
    if spec.meant and channel:
        spec = replace(spec, meant=f"{channel}::{spec.meant}")
    if len(parts) == 2 and not spec.error:  # noqa: PLR2004  (a:b)
        spec = replace(spec, error=_COLON, meant=_with_two_colons(parts[0], rest))
    return replace(spec, channel=channel or None)


def _with_two_colons(head: str, rest: str) -> str | None:
    """``conda-forge::numpy`` for ``conda-forge:numpy``; ``pip:`` is no channel."""
    plausible = _NAME.fullmatch(head) and head.lower() not in ("pip", "pypi")
    return f"{head}::{rest}" if plausible else None


def _bracketed(text: str, location: Location, *, grouped: bool) -> Spec:
    if "[" not in text or text.partition(";")[0].count("[") == 0:
        return _named(text, location, grouped=grouped)
    found = _BRACKETS.search(text)
    if found is None or text.count("[") > 1:
        name = text.partition("[")[0].strip().lower()
        name = name if _NAME.fullmatch(name) else ""
        return Spec(text, location, name, error="The brackets do not close, or come twice")
    spec = _named(f"{text[: found.start()]}{text[found.end() :]}", location, grouped=grouped)
    pairs = {m[1]: m[2].strip().strip("\"'") for m in _PAIR.finditer(found[1])}
    if not pairs:
        error = f"Extras such as [{found[1]}] belong to pip; conda drops the brackets"
        return replace(spec, error=spec.error or error, meant=None)
    return _overridden(spec, pairs)


def _overridden(spec: Spec, pairs: dict[str, str]) -> Spec:
    """What stands in brackets counts more than what stands before them."""
    version = pairs.get("version", "").replace(" ", "")
    fault = mistake(version) if version else None
    return replace(
        spec,
        version=_exact(version) if version else spec.version,
        build=pairs.get("build", spec.build),
        channel=pairs.get("channel"),
        url=pairs.get("url"),
        platforms=(pairs["subdir"],) if "subdir" in pairs else (),
        error=spec.error or (fault.sentence if fault else None),
    )


def _named(text: str, location: Location, *, grouped: bool) -> Spec:
    bare, marked, _ = text.partition(";")
    bare = bare.strip()
    end = _NAME_END.search(bare)
    name = (bare[: end.start()] if end else bare).strip()
    if not _NAME.fullmatch(name):
        error = f"`{name or bare}` is not a name that a package can have"
        return Spec(text, location, "", error=error)
    tail = bare[len(name) :].strip()
    version, build, fault = _version_and_build(tail, grouped=grouped)
    if marked:
        fault = Mistake(_MARKER)
    meant = fault.meant if fault else None
    return Spec(
        text,
        location,
        name.lower(),
        version,
        build,
        error=fault.sentence if fault else None,
        meant=None if meant is None else f"{name}{meant if not build else tail}",
    )


def _version_and_build(
    tail: str, *, grouped: bool
) -> tuple[str | None, str | None, Mistake | None]:
    if not tail:
        return None, None, None
    version, build = _split_build(tail)
    by_space = tail == version and tail[0] not in "=<>!~^*" and not any(map(str.isdigit, tail))
    version = version.replace(" ", "")
    if "(" in version and not grouped:
        meant = version.strip("()") if version.count("(") == 1 and version[0] == "(" else None
        return version, build, Mistake(_GROUPED, meant)
    fault = mistake(version)
    if fault is None and by_space:
        fault = Mistake(f"conda takes `{tail}` for the version", None)
    if build is not None and version[0] == "=" and not set(version[1:]) & set("=,|"):
        version = version[1:]
    return _exact(version), build, fault


def _split_build(tail: str) -> tuple[str, str | None]:
    """The build begins at the first blank or ``=`` behind which no operator follows."""
    last = max(tail.rfind(char) for char in _NO_BUILD)
    starts = [last] if tail[last] == "=" else []
    starts += [at for at in range(max(last, 0), len(tail)) if tail[at] == " "]
    for at in starts:
        build = tail[at + 1 :].strip()
        if at > 0 and build and tail[at - 1] not in _BEFORE_BUILD and tail[:at].strip():
            return tail[:at].rstrip(), build
    return tail, None


def _exact(version: str) -> str | None:
    """A bare version is exact to conda; ``*`` is any; more ``=`` than two count as two."""
    if version.startswith("==="):
        version = f"=={version.lstrip('=')}"
    if version in ("*", "=*", "==*", "=", ""):
        return None
    if version[:1] in "=<>!~^(" or any(c in version for c in "*,|"):
        return version.replace("==", "", 1) if _is_glob(version) else version
    return f"=={version}"


def _is_glob(version: str) -> bool:
    return version.startswith("==") and version.endswith("*") and not set(",|") & set(version)
