"""What conda refuses or misreads in a version constraint, and what was meant.

Source: the behaviour of ``conda.models.version.VersionSpec`` and of the sanitizing that
MatchSpec does before it (conda 24 to 26): ``=>2`` becomes ``>2``, and quotes are characters
of the version.
"""

from __future__ import annotations

import re

from conda_preflight.grammar.conda_order import parse as version_of
from conda_preflight.grammar.conda_version import parse
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_SWAPPED = {"=>": ">=", "=<": "<=", "=!": "!=", "=~": "~="}
_SWAPPED_AT = lazy_pattern(r"(?<![=<>!~])=[><!~](?=[\w.])")
_TWO_TERMS = lazy_pattern(r"(?<=[\w*.])(?=[<>!~=]+[\w*])")
_ONE_OPERATOR = lazy_pattern(r"(?:[<>!=~]=?)?[\w.*]+")
_CARET = lazy_pattern(r"=?\^(\d{1,9})(?:\.(\d{1,9}))?(?:\.\d{1,9}){0,4}")
_TEMPLATE = lazy_pattern(r"\{\{|\}\}|\$[{(A-Za-z_]|%\(|<[a-z_ -]+>$")
_WHEEL_TAG = lazy_pattern(r"\+(?:cu\d{2,3}|cpu|rocm[\d.]*|xpu)\b")
_WORDS = frozenset(("latest", "newest", "current", "stable", "any", "none", "null"))
_TERM = lazy_pattern(r"(==|!=|<=|>=|~=|=|<|>)?([^=<>!~].*)")
_GLOB = lazy_pattern(r"[\w.+!*-]+", re.ASCII)
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"


@value_type
class Mistake:
    """A sentence, and the constraint that was meant where that is clear."""

    sentence: str
    meant: str | None = None


def mistake(version: str) -> Mistake | None:
    """The first thing wrong with a constraint without blanks, None where conda reads it."""
    if _is_regex(version):
        return None
    for judge in (_template, _quoted, _wheel, _swapped, _caret, _word, _unfinished, _unparted):
        if found := judge(version):
            return found
    if not _is_readable(version):
        return Mistake(f"conda cannot read the version `{version}`")
    return None


def _is_regex(version: str) -> bool:
    return version.startswith("^") and version.endswith("$")


def _is_readable(version: str) -> bool:
    """Conda takes more than it makes sense of: ``~=2``, ``=1.2.``, ``1.*.3``, ``===1``."""
    if "(" in version or ")" in version:
        return parse(version) is not None
    plain = f"=={version.lstrip('=')}" if version.startswith("===") else version
    return all(_is_term(term) for term in re.split("[,|]", plain))


def _is_term(term: str) -> bool:
    found = _TERM.fullmatch(term)
    if found is None or (found[1] == "~=" and found[2].endswith(".*")):
        return False
    if found[1] in (None, "=", "==") and "*" in found[2]:
        return bool(_GLOB.fullmatch(found[2]))
    bare = found[2].removesuffix("*")
    if found[1] == "=" or bare != found[2]:
        bare = bare.removesuffix(".")
    return not bare or version_of(bare) is not None


def _template(version: str) -> Mistake | None:
    if _TEMPLATE.search(version):
        return Mistake(f"`{version}` is a placeholder that nobody has filled in")
    return None


def _wheel(version: str) -> Mistake | None:
    """Conda reads ``2.1.2+cu121``, but the tag is how wheels are published; builds say it here."""
    found = _WHEEL_TAG.search(version)
    if found is None:
        return None
    sentence = f"`{found[0]}` is a wheel's local version; a conda package says that in its build"
    return Mistake(sentence, _WHEEL_TAG.sub("", version))


def _quoted(version: str) -> Mistake | None:
    if not any(quote in version for quote in _QUOTES):
        return None
    clean = "".join(char for char in version if char not in _QUOTES)
    readable = bool(clean) and mistake(clean) is None
    return Mistake(
        "The quotes are part of the pin, and no version has them", clean if readable else None
    )


def _swapped(version: str) -> Mistake | None:
    found = _SWAPPED_AT.search(version)
    if found is None:
        return None
    meant = _SWAPPED_AT.sub(lambda match: _SWAPPED[match[0]], version)
    readable = mistake(meant) is None
    return Mistake(f"`{found[0]}` is not an operator of conda", meant if readable else None)


def _caret(version: str) -> Mistake | None:
    """``^1.2`` is Poetry's: up to the next first number that is not 0."""
    if "^" not in version:
        return None
    found = _CARET.fullmatch(version)
    meant = None
    if found and (found[1] != "0" or found[2]):
        low = version.lstrip("=^")
        high = f"0.{int(found[2]) + 1}" if found[1] == "0" else f"{int(found[1]) + 1}"
        meant = f">={low},<{high}" if found[1] != "0" or found[2] != "0" else None
    return Mistake("conda has no `^`", meant)


def _word(version: str) -> Mistake | None:
    word = version.lstrip("=")
    if word.lower() in _WORDS:
        return Mistake(f"conda takes `{word}` for a version, and no package has it", "")
    return None


def _unfinished(version: str) -> Mistake | None:
    """An operator or a comma that nothing follows."""
    if version.strip("=<>!~") == "":
        return Mistake(f"No version follows `{version}`")
    if version[-1] in ",|" or version[0] in ",|":
        clean = version.strip(",|")
        readable = bool(clean) and mistake(clean) is None
        return Mistake(
            "A comma parts two versions, and one is missing", clean if readable else None
        )
    return None


def _unparted(version: str) -> Mistake | None:
    """``>1<3`` needs a comma; ``=1.2=py_0=x`` is something else."""
    if _is_readable(version):
        return None
    parts = _TWO_TERMS.sub(",", version)
    clear = all(_ONE_OPERATOR.fullmatch(part) for part in re.split("[,|]", parts))
    operators = sum(part[:1] in "<>!~" for part in re.split("[,|]", parts))
    if parts == version or not clear or operators < 2 or mistake(parts):  # noqa: PLR2004
        return None
    return Mistake("A comma parts two versions, and here is none", parts)
