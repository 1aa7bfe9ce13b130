"""Whether a file is plainly meant for machines without an NVIDIA GPU."""

from __future__ import annotations

from conda_preflight.documents import Manifest, Requirements
from conda_preflight.pattern import lazy_pattern

_WORD = lazy_pattern(r"[a-z]+\d*|\d+")
_CPU_WORDS = frozenset(("cpu", "cpuonly", "nogpu", "mac", "macos", "osx", "darwin", "mps", "rocm"))
_APPLE_WORDS = frozenset(("m1", "m2", "m3", "arm64"))
_APPLE_PACKAGES = ("appnope", "libcxx", "pyobjc-core", "python.app")


def is_without_gpu(doc: Manifest | Requirements) -> bool:
    """By its name, as in ``environment-cpu.yml``, or since it can only be for macOS."""
    name = doc.name.text if isinstance(doc, Manifest) and doc.name else ""
    base = doc.path.rpartition("/")[2]
    words = set(_WORD.findall(f"{base} {name}"[:400].lower()))
    return bool(words & (_CPU_WORDS | _APPLE_WORDS)) or is_for_macos(doc)


def is_for_macos(doc: Manifest | Requirements) -> bool:
    """Whether all platforms are Apple's, or a package is asked for that only macOS has."""
    if not isinstance(doc, Manifest):
        return False
    platforms = [platform.text for platform in doc.platforms]
    if platforms:
        return all(platform.startswith("osx") for platform in platforms)
    return any(not spec.selector for spec in doc.named(*_APPLE_PACKAGES))
