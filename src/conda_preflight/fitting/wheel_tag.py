"""What the file name of a wheel says.

Source: PEP 427; for the platform tags PEP 600 and the older tags that it maps (PEP 513, 571, 599).
"""

from __future__ import annotations

from urllib.parse import unquote

from conda_preflight.fitting.numbers import numbers
from conda_preflight.pattern import lazy_pattern

_TAG = lazy_pattern(r"manylinux_(\d{1,2})_(\d{1,3})_")
_OLD_TAGS = {"manylinux2014": "2.17", "manylinux2010": "2.12", "manylinux1_": "2.5"}
_SYSTEMS = {"linux": "linux", "macosx": "osx", "win": "win"}
_MACHINES = {"x86_64": "64", "amd64": "64", "aarch64": "aarch64", "arm64": "arm64"}
_PLATFORM = lazy_pattern(r"(linux|macosx|win)(?:_\d{1,3}){0,2}\d*_(x86_64|amd64|aarch64|arm64)")


def file_name(url: str) -> str:
    """The name of the file that a URL leads to."""
    return unquote(url.partition("#")[0]).rpartition("/")[2]


def version_of_file(url: str) -> str:
    """The version in the name of a wheel, empty where it is none."""
    name = file_name(url)
    return name.split("-")[1] if name.endswith(".whl") and name.count("-") > 1 else ""


def tag_glibc(url: str) -> str:
    """The glibc that the tags of a wheel's file name promise, the lowest one; empty for none."""
    name = file_name(url)
    found = [f"{a}.{b}" for a, b in _TAG.findall(name)]
    found += [version for tag, version in _OLD_TAGS.items() if tag in name]
    return min(found, key=numbers, default="")


def tag_platform(url: str) -> str:
    """The conda platform of a wheel that is made for one; empty for others."""
    name = file_name(url)
    found = _PLATFORM.search(name) if name.endswith(".whl") else None
    return f"{_SYSTEMS[found[1]]}-{_MACHINES[found[2]]}" if found else ""
