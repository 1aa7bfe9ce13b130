"""The C library of base images, by the release of the system that their names tell."""

from __future__ import annotations

from itertools import pairwise

from conda_preflight.facts.table import table
from conda_preflight.pattern import lazy_pattern

MUSL = "musl"
_WORDS = lazy_pattern(r"[a-z]+|\d+(?:\.\d+)?")
_SYSTEMS = ("ubuntu", "debian", "alpine", "centos", "rockylinux", "almalinux", "ubi8", "ubi9")


def base_glibc(repository: str, tag: str) -> str:
    """Its glibc, "musl" where it has none, empty where the name does not tell.

    ``python:3.11-slim-bookworm`` and ``nvidia/cuda:12.1.0-base-ubuntu22.04`` tell it in the tag.
    """
    name = repository.rpartition("/")[2].lower()
    own = next((s for s in _SYSTEMS if name == s), "amazonlinux" if name == "amazonlinux" else "")
    text = tag.lower()[:200]
    words = _WORDS.findall(text)
    first = {words[0], words[0].partition(".")[0]} if words else set()  # Debian 12.7 is a 12
    for row in table("base_glibc"):
        releases = [part for part in row["tag"].split("|") if part]
        if row["image"] == own and (not releases or first & set(releases)):
            return row["glibc"]
        if any(_tells(words, row["image"], release) for release in releases):
            return row["glibc"]
        if row["image"] == "alpine" and "alpine" in words:
            return row["glibc"]
    return ""


def _tells(words: list[str], system: str, release: str) -> bool:
    """Whether a tag holds ``bookworm``, or ``ubuntu22.04``."""
    if release.isalpha():
        return release in words
    return any(pair == (system, release) for pair in pairwise(words))
