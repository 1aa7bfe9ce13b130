"""For which Python an extension module is, by its name.

Source: PEP 3149, and ``_imp.extension_suffixes`` of CPython.
"""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

_TAGGED = lazy_pattern(r"(.*/[^/.]+)\.cpython-(\d+)([a-z]*)(?:-[\w-]+)?\.so")
_PLAIN = lazy_pattern(r"(.*/[^/.]+)(?:\.abi3)?\.so")


def is_for(path: str, python: str, threads: str = "") -> bool | None:
    """Whether a module is for that version (``3.11.7``), None for what is no module.

    ``threads`` is "t" for the Python without a global lock.
    """
    tagged = _TAGGED.fullmatch(path)
    if tagged:
        mine = "".join(python.split(".")[:2])
        return tagged[2] == mine and tagged[3].replace("d", "").replace("m", "") == threads
    return True if _PLAIN.fullmatch(path) else None


def stem(path: str) -> str:
    """The path of a module without its tag and ending."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0]}"
