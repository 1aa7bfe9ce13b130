"""The comments that conda, mamba and conda-lock write above a list of packages."""

from __future__ import annotations

import re

from conda_preflight.documents import PLATFORMS, Source
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_FIELD = lazy_pattern(r"#[ \t]*([A-Za-z][A-Za-z_ ]*?)[ \t]*:[ \t]*(\S+)[ \t]*\Z")
_HASHES = ("input_hash", "content_hash", "env_hash")
_NAMES = ("name", "environment", "environment name", "env", "env name")
_LISTED = lazy_pattern(r"# packages in environment at \S*[/\\]envs[/\\]([^/\\\s]+):\Z")
_SUBDIRS = "|".join(sorted((re.escape(p) for p in PLATFORMS), key=len, reverse=True))
_IN_NAME = lazy_pattern(f"(?<![a-z])(?:{_SUBDIRS})(?![a-z0-9])")
CREATED_BY = "may be used to create an environment using"
"""The words with which ``conda list`` begins an export."""


@value_type
class Header:
    """What a list says about itself; every field may be empty."""

    platform: str = ""
    content_hash: str = ""
    name: str = ""


def header(source: Source) -> Header:
    """The fields in the comments, the first of each; a platform in the file's name comes last."""
    fields: dict[str, str] = {}
    place = ""
    for line in source.lines:
        if line.lstrip().startswith("#") and len(line) < 1000:  # noqa: PLR2004  (one field)
            match = _FIELD.match(line.strip())
            if match:
                fields.setdefault(match[1].lower(), match[2])
            elif listed := _LISTED.match(line.strip()):
                place = place or listed[1]
    digest = next((fields[name] for name in _HASHES if name in fields), "")
    name = next((fields[key] for key in _NAMES if key in fields), place)
    return Header(fields.get("platform") or _in_name(source.path), digest, name)


def _in_name(path: str) -> str:
    match = _IN_NAME.search(path.rpartition("/")[2].lower())
    return match[0] if match else ""
