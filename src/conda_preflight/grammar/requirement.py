"""One line of a ``pip:`` section or of a requirements file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from conda_preflight.documents import Location, Requirement
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import pep440
from conda_preflight.grammar.pip_mistake import mistake
from conda_preflight.grammar.pip_option import BESIDE_A_REQUIREMENT, Option, options
from conda_preflight.pattern import lazy_pattern

versions_allow = pep440.versions_allow
MAX_LENGTH = 4096
MAX_WITH_HASHES = 65_536
"""A wheel for each platform and Python makes a hundred hashes of one requirement."""
_TOO_LONG = f"The requirement is longer than {MAX_LENGTH} characters"
ARCHIVES = (".whl", ".tar.gz", ".tgz", ".tar", ".zip", ".tar.bz2", ".tbz", ".tar.xz", ".txz")
# What a quantifier took it keeps (``*+``): blanks that three of them share would cost their cube.
_PLAIN = lazy_pattern(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*+(?:\[([\w\s,.-]*+)\]\s*+)?"
    r"(\(?\s*+[=<>!~][^;@\[\]()]*+\)?)?"
)
_CONSTRAINED = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*+\s*+(?:\[[^\]]*+\]\s*+)?[=<>!~^]")
_DIRECT = lazy_pattern(
    r"([A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\[([^\]]*+)\]\s*+)?@\s*+(\S.*)", re.DOTALL
)
_SCHEME = lazy_pattern(r"(?:(git|hg|svn|bzr)\+)?([A-Za-z][A-Za-z0-9+.-]*):(?=/|//)")
_SCP = lazy_pattern(r"(?:git\+)?[\w.-]+@[\w.-]+:[^/\s]\S*")
_DRIVE = lazy_pattern(r"[A-Za-z]:[\\/]")
_EXTRAS = lazy_pattern(r"(|.*\S)\s*+\[([\w\s,.-]*+)\]", re.DOTALL)
_SELECTOR = lazy_pattern(r"#\s*\[([^\]\n]{1,200})\]")
_COMMIT = lazy_pattern(r"@[0-9a-f]{40}(?=$|[#?&])")
_HASH = lazy_pattern(r"(sha256|sha384|sha512):[0-9a-f]+")
_VARIABLE = lazy_pattern(r"\$\{[A-Za-z0-9_]+\}|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%")
_INCLUDES = {"--requirement": "include", "--constraint": "constraint"}


def parse(text: str, location: Location) -> Requirement:
    """The requirement on a line; ``kind`` is "invalid", with ``error``, where there is none.

    Of several options on one line it is the first. Never raises. Sources: PEP 508, PEP 440
    and pip's documentation of the requirements file.
    """
    return parse_all(text, location)[0]


def parse_all(text: str, location: Location) -> tuple[Requirement, ...]:
    """What ``parse`` gives, with one entry for each option of a line of options."""
    base = Requirement(text, location, "invalid")
    if len(text) > MAX_WITH_HASHES:
        return (replace(base, error=_TOO_LONG),)
    line, comment = _without_comment(text.strip())
    if len(line.partition(" --hash")[0]) > MAX_LENGTH:
        return (replace(base, error=_TOO_LONG),)
    selector = _SELECTOR.match(comment)
    base = replace(base, selector=selector[1].strip() if selector else None)
    if not line:
        return (replace(base, error="There is no requirement here"),)
    if line.startswith("-"):
        return tuple(_options(line, base))
    return (_requirement(line, base),)


def pinned(requirement: Requirement) -> bool:
    """Whether it can only ever mean one artifact or version.

    That is ``==X`` without a wildcard, ``===X``, a URL with a hash, or a full commit.
    """
    if requirement.kind == "name":
        return pep440.is_exact(requirement.specifier)
    if requirement.kind == "vcs":
        return bool(_COMMIT.search(requirement.url))
    return requirement.kind == "url" and bool(requirement.hashes)


def _without_comment(line: str) -> tuple[str, str]:
    """A comment begins with a # at the start or after white space."""
    at = line.find("#")
    while at > 0 and not line[at - 1].isspace():
        at = line.find("#", at + 1)
    return (line[:at].rstrip(), line[at:]) if at >= 0 else (line, "")


def _options(line: str, base: Requirement) -> Iterator[Requirement]:
    found = options(line)
    for option in found:
        yield _option(option, base)
    if not found:
        yield replace(base, error="A dash alone is no option")


def _option(option: Option, base: Requirement) -> Requirement:
    if option.missing:
        return replace(base, option=option.name, error=f"pip wants a value after {option.name}")
    if option.name == "--editable":
        target = _direct(option.value, base) or _with_marker(option.value, base)
        return replace(target, editable=True, option="-e", value=option.value)
    kind = _INCLUDES.get(option.name, "option")
    error = None if option.known else f"pip takes no {option.name} in a requirements file"
    if option.name in BESIDE_A_REQUIREMENT:
        error = f"pip takes {option.name} only on the line of a requirement"
    return replace(base, kind=kind, option=option.name, value=option.value, error=error)


def _requirement(line: str, base: Requirement) -> Requirement:
    at = next((m.start() for m in re.finditer(r"\s-", line)), len(line))
    words = options(line[at:])
    found = _named(line[:at].rstrip(), base)
    values = tuple(option.value.lower() for option in words if option.name == "--hash")
    return replace(
        found,
        hashes=(*found.hashes, *values),
        error=found.error or _beside(words),
        meant=found.meant + line[at:] if found.meant else None,
    )


def _beside(words: tuple[Option, ...]) -> str | None:
    for option in words:
        if option.name not in BESIDE_A_REQUIREMENT:
            return f"pip takes no {option.name} after a requirement"
        if option.name == "--hash" and not _HASH.fullmatch(option.value.lower()):
            return "pip takes sha256, sha384 and sha512 hashes, written as sha256:digest"
    return None


def _named(text: str, base: Requirement) -> Requirement:
    head, semicolon, marker = (part.strip() for part in text.partition(";"))
    plain = _PLAIN.fullmatch(head)
    if plain and not _is_archive(head):
        name, extras, specifier = plain.groups(default="")
        bare = specifier.strip("() ")
        if (not bare or pep440.is_specifier(bare)) and (not semicolon or _is_marker(marker)):
            return _by_name(base, name, extras, bare, marker)
    if direct := _direct(text, base):
        return direct
    return _with_marker(text, base) if _is_target(head) else _rejected(text, base)


def _direct(text: str, base: Requirement) -> Requirement | None:
    """What stands as ``name @ URL``, None for anything else and for ``name@1.0``."""
    parts = _DIRECT.fullmatch(text)
    if parts is None or parts[3][0].isdigit() or _SCP.fullmatch(text):
        return None
    found = _with_marker(parts[3], base)
    given = _listed(parts[2] or "")
    return replace(found, name=normalized(parts[1]), extras=given or found.extras)


def _with_marker(text: str, base: Requirement) -> Requirement:
    """A URL or a path; only white space before the ; makes what follows a marker."""
    target, _, marker = text.partition(" ;")
    return replace(_target(target.rstrip(), base), marker=marker.strip())


def _is_marker(text: str) -> bool:
    from packaging.markers import InvalidMarker, Marker

    try:
        return bool(Marker(text))
    except (InvalidMarker, ValueError, RecursionError):
        return False


def _by_name(
    base: Requirement, name: str, extras: str, specifier: str, marker: str = ""
) -> Requirement:
    return replace(
        base,
        kind="name",
        name=normalized(name),
        extras=_listed(extras),
        specifier="".join(specifier.split()).rstrip(","),
        marker=marker,
    )


def _rejected(text: str, base: Requirement) -> Requirement:
    head, _, marker = text.partition(";")
    variable = _VARIABLE.search(head)
    constrained = _CONSTRAINED.match(head)
    if variable and constrained and variable.start() >= constrained.end():
        name, specifier = head[: constrained.end() - 1], head[constrained.end() - 1 :]
        bare, _, extras = name.partition("[")
        return _by_name(base, bare.strip(), extras.rstrip("] "), specifier, marker.strip())
    if variable:
        return replace(base, error=f"What this installs depends on {variable[0]}")
    error, meant = mistake(text)
    return replace(base, name=_leading_name(text), error=error, meant=meant)


def _leading_name(text: str) -> str:
    found = re.match(r"(?:[^\s:]*::)?['\"]?([A-Za-z0-9][A-Za-z0-9._-]*)", text)
    return normalized(found[1]) if found and " install " not in text else ""


def _is_target(head: str) -> bool:
    """Whether pip takes it for a URL or a path, not for a name."""
    if "::" in head or _CONSTRAINED.match(head) or "{{" in head:
        return False
    marks = head.startswith((".", "/", "~", "\\")) or "/" in head or "\\" in head
    return marks or bool(_SCHEME.match(head) or _SCP.fullmatch(head)) or _is_archive(head)


def _is_archive(text: str) -> bool:
    return text.partition("[")[0].rstrip().lower().endswith(ARCHIVES)


def _target(text: str, base: Requirement) -> Requirement:
    """A URL, a version-control URL or a path, with the name that it gives away."""
    plain, _, fragment = text.strip().partition("#")
    scheme = None if _DRIVE.match(plain) else _SCHEME.match(plain)
    vcs = bool((scheme and (scheme[1] or scheme[2] in ("git", "ssh"))) or _SCP.fullmatch(plain))
    kind = "vcs" if vcs else "url" if scheme else "path"
    extra = _EXTRAS.fullmatch(plain) if not scheme else None
    words = dict(pair.partition("=")[::2] for pair in fragment.split("&"))
    name, version = _of_file((extra[1] if extra else plain).partition("?")[0])
    egg = _EXTRAS.fullmatch(words.get("egg", ""))
    given = egg[1] if egg else words.get("egg", "")
    hashes = tuple(f"{a}:{words[a].lower()}" for a in ("sha256", "sha384", "sha512") if a in words)
    listed = extra[2] if extra else egg[2] if egg else ""
    return replace(
        base,
        kind=kind,
        url=extra[1] if extra else text.strip(),
        name=normalized(unquote(given)) if given else name if not vcs else "",
        specifier=f"=={version}" if version and not vcs else "",
        extras=_listed(listed),
        hashes=hashes,
    )


def _of_file(url: str) -> tuple[str, str]:
    """Name and version from the file name of a wheel or a source archive."""
    file = unquote(url.replace("\\", "/").rpartition("/")[2])
    if file.lower().endswith(".whl"):
        parts = file[:-4].split("-")
        return (normalized(parts[0]), parts[1]) if len(parts) in (5, 6) else ("", "")
    ending = next((end for end in ARCHIVES if file.lower().endswith(end)), "")
    name, dash, version = file[: len(file) - len(ending)].rpartition("-")
    told = ending and dash and name and version[:1].isdigit()
    return (normalized(name), version) if told else ("", "")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(normalized(word.strip()) for word in text.split(",") if word.strip())
