"""Lines that pip rejects: what is wrong with them, and what was meant."""

from __future__ import annotations

import re

from conda_preflight.grammar.pep440 import is_specifier
from conda_preflight.pattern import lazy_pattern

_LINE = lazy_pattern(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]\[]*\])?\s*([^;]*)(;.*)?", re.DOTALL)
_COMMAND = lazy_pattern(r"(?:\S*/)?(?:python3? -m )?pip3?\s+install\s+")
_CLAUSE = lazy_pattern(r"([=<>!~^@]*)\s*(.*)", re.DOTALL)
_GAP = lazy_pattern(r"(?<=[\w*])[ \t]+(?=[=<>!~])")
_OPERATORS = {
    "=": ("==", "A single = is conda's; pip wants =="),
    "": ("==", "pip wants an operator, such as ==, before the version"),
    "=~": ("~=", "The operator is written the wrong way round; pip wants ~="),
    "=>": (">=", "The operator is written the wrong way round; pip wants >="),
    "=<": ("<=", "The operator is written the wrong way round; pip wants <="),
    "=!": ("!=", "The operator is written the wrong way round; pip wants !="),
    "!": ("!=", "pip does not know the operator !; it wants !="),
    "<>": ("!=", "pip does not know the operator <>; it wants !="),
    "==>": (">=", "pip does not know the operator ==>; it wants >="),
    ">==": (">=", "pip does not know the operator >==; it wants >="),
    "<==": ("<=", "pip does not know the operator <==; it wants <="),
    "~==": ("~=", "pip does not know the operator ~==; it wants ~="),
    "~": ("~=", "pip does not know the operator ~; it wants ~="),
    "@": ("==", "After an @ pip wants a URL; a version follows =="),
    "^": ("^", "The operator ^ is Poetry's, pip does not know it"),
}
_ORDER = ("<", ">", "<=", ">=")


def mistake(text: str) -> tuple[str, str | None]:
    """What is wrong with a line that pip rejects, and the whole line as it was meant.

    The second value is None where that cannot be told.
    """
    if command := _COMMAND.match(text):
        return "This is a command, not a requirement", text[command.end() :].strip() or None
    if "{{" in text or "{%" in text:
        return "This is a template that was never filled in", None
    if "::" in text:
        rest = text.rpartition("::")[2].strip()
        return "pip knows no channels; channel::name is conda's", _meant(rest) or rest or None
    if len(text) > 1 and text[0] in "'\"":
        bare = text.strip("'\"").strip()
        return "pip does not take quotes around a requirement", _meant(bare) or bare or None
    return _in_constraint(text)


def _meant(text: str) -> str | None:
    found = _LINE.fullmatch(text)
    if found and is_specifier(found[3].strip()):
        return text
    return _in_constraint(text)[1]


def _in_constraint(text: str) -> tuple[str, str | None]:
    found = _LINE.fullmatch(text)
    if found is None:
        return "This does not begin with the name of a project", None
    name, extras, constraint, marker = found.groups(default="")
    constraint = constraint.strip()
    if is_specifier(constraint):
        return _AFTER_NAME[bool(marker)], None
    if "|" in constraint:
        return "pip has no |, which is conda's word for or", None
    sentence, mended = _mend(constraint)
    if mended is None:
        return sentence, None
    return sentence, f"{name}{extras}{mended}{marker}"


_AFTER_NAME = {
    True: "The environment marker after the ; is not one that pip understands",
    False: "pip cannot read this as a requirement",
}


def _mend(constraint: str) -> tuple[str, str | None]:
    """The first mistake among the clauses, and all of them mended, None where one cannot be."""
    sentence = ""
    joined = _GAP.sub(",", constraint.strip("()"))
    if joined.count(",") > constraint.count(","):
        sentence = "pip wants a comma between two constraints"
    clauses = []
    for clause in joined.split(","):
        why, mended = _clause(clause.strip())
        sentence = sentence or why
        clauses.append(mended)
    text = ",".join(clause for clause in clauses if clause)
    fits = None not in clauses and is_specifier(text)
    return sentence or "pip cannot read the version of this requirement", text if fits else None


def _clause(text: str) -> tuple[str, str | None]:
    found = _CLAUSE.fullmatch(text)
    written, version = found.groups() if found else ("", "")
    operator, why = _OPERATORS.get(written, (written, ""))
    bare = version.strip().strip("'\"").strip()
    if bare != version.strip():
        why = why or "pip does not take quotes around a version"
    head, equals, _ = bare.partition("=")
    if equals and head:
        why, bare = "A build string after the version is conda's; pip knows none", head.strip()
    if not written and bare and not bare[0].isdigit() and bare != "*":
        return "pip reads one requirement from a line, and there is more on this one", None
    if not bare:
        return (why or "There is no version after the operator", None) if written else ("", "")
    if bare == "*":
        return "pip writes any version as no constraint at all", ""
    return _shape(operator, bare, why)


def _shape(operator: str, version: str, why: str) -> tuple[str, str | None]:
    """A clause whose operator does not take that shape of version."""
    if operator == "^":
        return why, _below_next(version, caret=True)
    if operator in _ORDER and version.endswith("*"):
        return why or f"pip takes no * after {operator}", operator + version.rstrip(".*")
    if operator == "~=" and version.endswith("*"):
        return why or "pip takes no * after ~=", f"=={version}"
    if operator == "~=" and version.isdecimal():
        return why or "~= needs a version of two parts, such as 4.0", _below_next(version)
    return why, operator + version


def _below_next(version: str, *, caret: bool = False) -> str | None:
    parts = version.split(".")
    if not all(part.isdecimal() and len(part) < 10 for part in parts):  # noqa: PLR2004  (bounds int)
        return None
    kept = next((at for at, part in enumerate(parts) if int(part)), 0) if caret else 0
    upper = [*parts[:kept], str(int(parts[kept]) + 1)]
    return f">={version},<{'.'.join(upper)}"
