"""How versions of a product are ordered, by the scheme that its advisories use.

Neither conda's order nor PEP 440 holds for all: OpenSSL counts letters as later patches, libjpeg
writes ``9e``, OpenSSH ``9.9p1``, ImageMagick ``7.1.1-36``. Keys of one scheme are in total order.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import Any, TypeAlias

from conda_preflight.pattern import lazy_pattern

Key: TypeAlias = tuple[Any, ...]

MAX_LENGTH = 200
_NUMBERS = lazy_pattern(r"[0-9]+(?:\.[0-9]+)*")
_RUNS = lazy_pattern(r"[0-9]+|[a-z]+|[*]")
_FRONT = lazy_pattern(r"[^0-9a-z]*(?:v|r|version|release)?[\s._-]*(?=[0-9])")
_COMMIT = lazy_pattern(r"(?=[0-9]*[a-f])[0-9a-f]{12,64}")
_BEFORE = {"dev": 0, "alpha": 1, "a": 1, "beta": 2, "b": 2, "pre": 3, "preview": 3, "rc": 4}
_LETTERS_ALONE = ("a", "b")
_PRE, _END, _LETTER, _NUMBER, _ANY = range(5)
_ENDED: Key = ((_END,),)
_OPENSSL = lazy_pattern(r"([0-9]+(?:\.[0-9]+)*(?:\.[*])?)([a-z]{0,3})(?:-([a-z]+)\.?([0-9]*))?")
_SEMVER = lazy_pattern(r"v?([0-9]+(?:\.[0-9]+)*(?:\.[*x])?)(?:-([0-9a-z.-]+))?(?:\+.*)?")
_CUDA = lazy_pattern(r"([0-9]+)(?:\.([0-9]+))?(?:\.[0-9]+)*(?:\s*(?:update|u)\s*([0-9]+))?")
_LLAMA = lazy_pattern(r"(?:0\.0\.|b)?([0-9]+)")
_JOINT_PROTOBUF = 21


@lru_cache(maxsize=1 << 16)
def key(scheme: str, version: str) -> Key | None:
    """What sorts as the version does; None where the scheme cannot read it.

    A conda epoch is dropped: projects do not write it.
    """
    if len(version) > MAX_LENGTH:
        return None
    return _KEYS.get(scheme, _generic)(version.strip().lower())


@lru_cache(maxsize=1 << 12)
def lenient_key(scheme: str, version: str) -> Key | None:
    """A guess at a text that is no version, by the numbers it begins with: ``1.83.10-stable``."""
    if len(version) > MAX_LENGTH or _COMMIT.fullmatch(version.lower()):
        return None
    found = _NUMBERS.match(_FRONT.sub("", version.lower(), count=1))
    return key(scheme, found[0]) if found else None


def _pep440(text: str) -> Key | None:
    """PEP 440 without the local segment, which names a build: ``2.1.0+cu118`` is ``2.1.0``."""
    plain = text.partition("+")[0]
    if _NUMBERS.fullmatch(plain):
        return (0, _stripped(plain), _FINAL, -1, _NOT_DEV)
    from packaging.version import InvalidVersion, Version

    try:
        found = Version(plain)
    except (InvalidVersion, ValueError):
        return None
    release = _stripped(".".join(map(str, found.release)))
    post = -1 if found.post is None else found.post
    dev = _NOT_DEV if found.dev is None else (0, found.dev)
    early = found.dev is not None and found.post is None
    pre = ("", 0) if early else _FINAL
    return (found.epoch, release, found.pre or pre, post, dev)


_FINAL, _NOT_DEV = ("~", 0), (1, 0)  # "~" sorts after each letter of a pre-release


def _stripped(numbers: str) -> Key:
    """Numbers without zeros at the end: 1.0 is 1; a wildcard is after all that it stands for."""
    found = [inf if part in ("*", "x") else int(part) for part in numbers.split(".")]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _generic(text: str) -> Key | None:
    """Runs of digits and of letters; words for what comes before a release sort before it."""
    plain = _without_epoch(text).partition("+")[0]
    plain = _FRONT.sub("", plain, count=1)
    if _COMMIT.fullmatch(plain):
        return None
    runs = _RUNS.findall(plain)
    return _of_runs(runs) if runs and runs[0].isdigit() else None


def _of_runs(runs: list[str]) -> Key | None:
    atoms: list[Key] = []
    for place, run in enumerate(runs):
        if run == "*" or (run == "x" and place == len(runs) - 1):
            return (*atoms, (_ANY,))
        if run.isdigit():
            atoms.append((_NUMBER, int(run)))
            continue
        _strip_zeros(atoms)
        atoms.append(_letters(run, followed=place + 1 < len(runs)))
    _strip_zeros(atoms)
    return (*atoms, *_ENDED)


def _letters(run: str, *, followed: bool) -> Key:
    """``9a`` is a patch, ``9a1`` comes before a release; longer words say so themselves."""
    if run in _BEFORE and (followed or run not in _LETTERS_ALONE):
        return (_PRE, _BEFORE[run])
    return (_LETTER, run)


def _strip_zeros(atoms: list[Key]) -> None:
    while atoms and atoms[-1] == (_NUMBER, 0):
        atoms.pop()


def _without_epoch(text: str) -> str:
    epoch, mark, rest = text.partition("!")
    return rest if mark and epoch.isdigit() else text


def _openssl(text: str) -> Key | None:
    """Letters are later patches: none, a .. z, za, zb ...

    Source: https://openssl-library.org/policies/general/versioning-policy/.
    """
    found = _OPENSSL.fullmatch(_without_epoch(text).replace("_", "-"))
    if not found:
        return None
    letters, word = found[2], found[3]
    early = (_BEFORE.get(word, -1), int(found[4] or 0)) if word else (9, 0)
    return (_stripped(found[1]), (len(letters), letters), early)


def _semver(text: str) -> Key | None:
    """Semantic versions, whatever the count of numbers: https://semver.org/#spec-item-11."""
    found = _SEMVER.fullmatch(_without_epoch(text))
    if not found:
        return None
    if found[2] is None:
        return (_stripped(found[1]), (1,))
    parts = ((0, int(p), "") if p.isdigit() else (1, 0, p) for p in found[2].split("."))
    return (_stripped(found[1]), (0, *parts))


def _cuda(text: str) -> Key | None:
    """Components count builds of their own, so major and minor alone compare.

    An update is the release after its minor: whether a build of 12.1 is of update 1 is not known,
    and it is taken for the one before.
    """
    found = _CUDA.fullmatch(_without_epoch(text))
    return (int(found[1]), int(found[2] or 0), int(found[3] or 0)) if found else None


def _llama(text: str) -> Key | None:
    """llama.cpp counts builds: ``b4300``, which conda writes as ``0.0.4300``."""
    found = _LLAMA.fullmatch(_without_epoch(text))
    return (int(found[1]),) if found else None


def _protobuf(text: str) -> Key | None:
    """C++ counts 21.12 where its library says 3.21.12, and later 4.25.3 for 25.3.

    Source: https://protobuf.dev/support/version-support/.
    """
    found = _SEMVER.fullmatch(_without_epoch(text))
    if not found:
        return None
    major, dot, rest = found[1].partition(".")
    minor = rest.partition(".")[0]
    joint = dot and minor.isdecimal() and int(major) < _JOINT_PROTOBUF <= int(minor)
    return _semver(text.removeprefix("v")[len(major) + 1 :]) if joint else _semver(text)


_KEYS: dict[str, Callable[[str], Key | None]] = {
    "pep440": _pep440,
    "openssl": _openssl,
    "semver": _semver,
    "cuda": _cuda,
    "llamacpp": _llama,
    "protobuf": _protobuf,
}
