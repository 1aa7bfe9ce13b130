"""Platforms of conda as uv and the tags of wheels name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_UV = {
    "linux-riscv64": "riscv64-unknown-linux",
    "osx-64": "x86_64-apple-darwin",
    "osx-arm64": "aarch64-apple-darwin",
    "win-32": "i686-pc-windows-msvc",
    "win-64": "x86_64-pc-windows-msvc",
    "win-arm64": "aarch64-pc-windows-msvc",
}
_MACHINES = {"linux-64": "x86_64", "linux-aarch64": "aarch64"}
_GLIBC_MINORS = (17, 28, *range(31, 41))
"""The manylinux levels that uv has a name for; source: its reference of --python-platform."""
_DEFAULT_GLIBC = 28
_DEFAULT_MACOS = (13, 0)
_TAGS = {
    "linux-riscv64": ("linux_riscv64",),
    "win-32": ("win32",),
    "win-64": ("win_amd64",),
    "win-arm64": ("win_arm64",),
}


def uv_platform(platform: str, glibc: str = "") -> str:
    """The platform as uv names it, with the newest manylinux level that the glibc allows.

    Empty where uv has none: it cannot resolve for another machine of that kind.
    """
    machine = _MACHINES.get(platform)
    if machine is None:
        return _UV.get(platform, "")
    minor = _minor(glibc)
    level = max((known for known in _GLIBC_MINORS if known <= minor), default=None)
    return f"{machine}-manylinux_2_{level}" if level else ""


def ranked(files: Iterable[str], python: str, platform: str, glibc: str, macos: str) -> list[str]:
    """File names of wheels, the one that an installer takes first; what fits nowhere is last.

    Source: the platform compatibility tags of PEP 425 and 600, in the order of ``packaging``.
    """
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    ranks = {tag: rank for rank, tag in enumerate(_tags(python, platform, glibc, macos))}

    def rank(name: str) -> tuple[int, tuple[int, str], str]:
        try:
            _, _, build, tags = parse_wheel_filename(name)
        except InvalidWheelFilename:
            return len(ranks), (0, ""), name
        best = min(ranks.get(str(tag), len(ranks)) for tag in tags)
        number, letter = (*build, 0, "")[:2]
        return best, (-int(number), str(letter)), name

    return sorted(files, key=rank)


def _tags(python: str, platform: str, glibc: str, macos: str) -> Iterator[str]:
    from packaging.tags import compatible_tags, cpython_tags

    version = tuple(int(part) for part in python.split(".")[:2])
    platforms = list(_platform_tags(platform, glibc, macos))
    interpreter = f"cp{''.join(map(str, version))}"
    yield from map(str, cpython_tags(version, platforms=platforms, abis=[interpreter]))
    yield from map(str, compatible_tags(version, interpreter, platforms))


def _platform_tags(platform: str, glibc: str, macos: str) -> Iterator[str]:
    from packaging.tags import mac_platforms

    if machine := _MACHINES.get(platform):
        for minor in range(_minor(glibc), 4, -1):
            yield f"manylinux_2_{minor}_{machine}"
            yield from (f"{old}_{machine}" for old in _OLD_NAMES.get(minor, ()))
        yield f"linux_{machine}"
    elif platform.startswith("osx-"):
        least = _numbers(macos) or _DEFAULT_MACOS
        yield from mac_platforms((least[0], least[1]), _MAC_MACHINES.get(platform, "x86_64"))
    yield from _TAGS.get(platform, ())


_OLD_NAMES = {17: ("manylinux2014",), 12: ("manylinux2010",), 5: ("manylinux1",)}
_MAC_MACHINES = {"osx-64": "x86_64", "osx-arm64": "arm64"}


def _minor(glibc: str) -> int:
    """The second number of glibc's version; the first has been 2 for ever."""
    found = _numbers(glibc)
    if found is None:
        return _DEFAULT_GLIBC
    return min(found[1], 99) if found[0] == 2 else 0  # noqa: PLR2004


def _numbers(version: str) -> tuple[int, int] | None:
    parts = [*version.split("."), "0"]
    if not (parts[0].isdecimal() and parts[1].isdecimal()):
        return None
    return int(parts[0][:4]), int(parts[1][:4])
