"""What an activation would do, as variables of an image; what it cannot be is told.

Sources: https://docs.conda.io/projects/conda/en/stable/dev-guide/deep-dives/activation.html for
``etc/conda/activate.d``, ``etc/conda/env_vars.d`` and ``conda-meta/state``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

MAX_VARIABLES = 1000
_NAME = lazy_pattern(r"[A-Za-z_][A-Za-z0-9_]{0,200}")
_EXPORT = lazy_pattern(r"export ([A-Za-z_][A-Za-z0-9_]{0,200})=(.{0,4000})")
_PLAIN = lazy_pattern(r"[\w./:,=+@%-]*")


@document_type
class Activation:
    """Variables that are set by an activation, and scripts that do more than set variables."""

    env: Mapping[str, str]
    scripts: tuple[str, ...]


def activation(files: Mapping[str, str], prefix: str) -> Activation:
    """What the files of an environment say, by their path in it; ``prefix`` is where it lies."""
    env: dict[str, str] = {}
    left = []
    for path in sorted(files):
        if path.endswith(".json"):
            env |= _stated(files[path])
        elif path == "conda-meta/state":
            continue
        elif (found := _exported(files[path], prefix)) is None:
            left.append(path)
        else:
            env |= found
    env |= _stated(files.get("conda-meta/state", ""), "env_vars")
    return Activation(env, tuple(left))


def _stated(text: str, key: str = "") -> dict[str, str]:
    """Variables in JSON; what is none is left out."""
    try:
        found = json.loads(text)
        found = found[key] if key else found
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
    rows = list(found.items())[:MAX_VARIABLES] if isinstance(found, dict) else []
    good = ((n, v) for n, v in rows if isinstance(v, str) and v.isprintable())
    return {name: value for name, value in good if _NAME.fullmatch(name)}


def _exported(text: str, prefix: str) -> dict[str, str] | None:
    """The variables of a script that does nothing but export plain values, else None."""
    found = {}
    for line in _lines(text):
        match = _EXPORT.fullmatch(line)
        value = _value(match[2], prefix) if match else None
        if match is None or value is None:
            return None
        found[match[1]] = value
    return found


def _lines(text: str) -> Iterator[str]:
    lines = (line.strip() for line in text.splitlines())
    return (line for line in lines if line and not line.startswith("#"))


def _value(text: str, prefix: str) -> str | None:
    quote = text[:1] if text[:1] in ("'", '"') else ""
    if quote and (len(text) < len("''") or not text.endswith(quote)):
        return None
    plain = text[1:-1] if quote else text
    if quote != "'":
        plain = plain.replace("${CONDA_PREFIX}", prefix).replace("$CONDA_PREFIX/", f"{prefix}/")
    return plain if _PLAIN.fullmatch(plain) else None
