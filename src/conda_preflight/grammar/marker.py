"""Environment markers of pip requirements, for a platform that is not this machine."""

from __future__ import annotations

from functools import lru_cache

MAX_LENGTH = 1000
_SYSTEMS = {
    "linux": ("posix", "linux", "Linux"),
    "osx": ("posix", "darwin", "Darwin"),
    "win": ("nt", "win32", "Windows"),
}
_MACHINES = {
    "linux-64": "x86_64",
    "osx-64": "x86_64",
    "win-64": "AMD64",
    "linux-aarch64": "aarch64",
    "osx-arm64": "arm64",
    "win-arm64": "ARM64",
    "linux-ppc64le": "ppc64le",
    "linux-s390x": "s390x",
}


@lru_cache(maxsize=1024)
def holds(marker: str, platform: str, python: str, extra: str = "") -> bool | None:
    """Whether a marker holds on a subdir with that Python; None where this cannot be told.

    ``extra`` is the one for which the project is wanted, if any.

    Source: PEP 508, "Environment Markers".
    """
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison

    system = _SYSTEMS.get(platform.partition("-")[0])
    parts = python.split(".")
    if len(marker) > MAX_LENGTH or system is None or len(parts) < 2:  # noqa: PLR2004
        return None
    values = {
        "os_name": system[0],
        "sys_platform": system[1],
        "platform_system": system[2],
        "platform_machine": _MACHINES.get(platform, ""),
        "python_version": ".".join(parts[:2]),
        "python_full_version": python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": extra,
    }
    if "platform_release" in marker or "platform_version" in marker:
        return None
    try:
        return Marker(marker).evaluate(dict(values))
    except (InvalidMarker, UndefinedComparison, ValueError, RecursionError):
        return None
