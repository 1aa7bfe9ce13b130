"""What a ``.dockerignore`` leaves out of the folder that a build gets.

Source: ".dockerignore files" of Docker's documentation: patterns of Go's filepath.Match and
``**``, relative to the context; of several that fit, the last counts, and ``!`` takes back.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from conda_preflight.documents import Source

MAX_LINES = 2000
MAX_PATTERN = 200
"""Lines and characters of a pattern that are looked at."""

_MAX_STARS = 6


def leaves_out(ignore: Source, folder: str) -> bool:
    """Whether a folder at the top of the context, such as ``.git``, is left out whole."""
    found = False
    for row in ignore.lines[:MAX_LINES]:
        text = row.strip()
        if text and not text.startswith("#") and _fits(folder, text.removeprefix("!")):
            found = not text.startswith("!")
    return found


def _fits(folder: str, written: str) -> bool:
    """Whether a pattern means the folder or all that is in it; ``*`` of fnmatch crosses slashes."""
    pattern = written.strip().removeprefix("./").strip("/").replace("\\", "")
    for ending in ("/**", "/*"):
        pattern = pattern.removesuffix(ending)
    while pattern.startswith("**/"):
        pattern = pattern[3:]
    if len(pattern) > MAX_PATTERN or pattern.count("*") > _MAX_STARS or "/" in pattern:
        return False
    return fnmatchcase(folder, pattern)
