"""The digest of its manifests that conda-lock writes into a lock, computed again.

Source: conda-lock's module ``content_hash`` (versions 2 to 4): the SHA-256 of a JSON text with
the channels, the sorted requirements and the virtual packages of one platform. Versions write
some parts in other ways, so several digests stand for one manifest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from conda_preflight.documents import Lock, Manifest, Requirement, Spec
from conda_preflight.grammar import selector
from conda_preflight.grammar.channel import channel_name
from conda_preflight.pattern import lazy_pattern

_TIME = 1577854800000
_GLIBC = ("2.17", "2.28")
_CUDA = "11.4"
_MACHINES = {
    "linux-64": "x86_64",
    "linux-aarch64": "aarch64",
    "linux-ppc64le": "ppc64le",
    "osx-64": "x86_64",
    "osx-arm64": "arm64",
    "win-64": "x86_64",
}
_SPEC = lazy_pattern(r"(?:[^\s:\[\]]+::)?[A-Za-z0-9_.\-]+\s*([^\[\];#]*)")


def other_state(manifests: Sequence[Manifest], lock: Lock) -> tuple[str, ...]:
    """The platforms of a lock that were locked from another state of its manifests, for sure.

    A digest that cannot be reproduced proves nothing: options and files that are not known
    went into it. It does where another platform's, of the same CUDA option, is reproduced.
    """
    if len(lock.content_hash) == 1:
        return ()
    groups: dict[bool, dict[str, bool]] = {}
    for platform, digest in lock.content_hash.items():
        made = content_hashes(manifests, platform)
        if made:
            has_cuda = not platform.startswith("osx-")
            groups.setdefault(has_cuda, {})[platform] = digest in made
    found = (p for same in groups.values() if any(same.values()) for p in same if not same[p])
    return tuple(sorted(found))


def content_hashes(manifests: Sequence[Manifest], platform: str) -> frozenset[str]:
    """Every digest that some version of conda-lock gives these manifests on a platform.

    It is for manifests of the category "main" and conda-lock's own virtual packages. Empty
    where they hold something that cannot be written as conda-lock does.
    """
    specs = _specs(manifests, platform)
    channels = _channels(manifests)
    if specs is None or channels is None or platform not in _MACHINES:
        return frozenset()
    modern = {"specs": specs}, {"specs": [{**one, "markers": None} for one in specs]}
    old = [{"specs": [_old(one) for one in specs]}] if _is_same_everywhere(manifests) else []
    virtual = [f'"virtual_package_hash": {_json(one)}}}' for one in _virtual(platform)]
    heads = [
        f'{{"channels": {_json(written)}, {_json(content)[1:-1]}, '
        for written in channels
        for content in (*modern, *old)
    ]
    texts = (head + tail for head in heads for tail in virtual)
    return frozenset(hashlib.sha256(text.encode()).hexdigest() for text in texts)


def content_hash(manifests: Sequence[Manifest], platform: str) -> str:
    """The digest that conda-lock 4 gives these manifests; empty where it is not known."""
    specs = _specs(manifests, platform)
    channels = _channels(manifests)
    if specs is None or channels is None or platform not in _MACHINES:
        return ""
    virtual = _repository(platform, _packages(platform, _GLIBC[-1], _CUDA, old_osx=True), "_0")
    text = _json({"channels": channels[0], "specs": specs, "virtual_package_hash": virtual})
    return hashlib.sha256(text.encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _old(spec: dict[str, object]) -> dict[str, object]:
    """A requirement as conda-lock 1 writes it, when it counts on all platforms."""
    kept = {key: value for key, value in spec.items() if key != "hash"}
    return {**kept, "optional": False, "selectors": {"platform": None}}


def _is_same_everywhere(manifests: Sequence[Manifest]) -> bool:
    return all(line.selector is None for manifest in manifests for line in _lines(manifest))


def _lines(manifest: Manifest) -> list[Spec | Requirement]:
    return [*manifest.specs, *manifest.pip]


def _channels(manifests: Sequence[Manifest]) -> list[list[str]] | None:
    """The longest list of channels, of which the others are the end, as versions write it."""
    lists = [[c.text for c in m.channels] for m in manifests]
    longest = max(lists, key=len)
    fits = all(longest[len(longest) - len(one) :] == one for one in lists)
    if not fits or any("$" in text or "@" in text for text in longest):
        return None
    modern = [text for text in longest if text != "nodefaults"]
    plain = [[{"url": text, "used_env_vars": []} for text in one] for one in (modern, longest)]
    wide = [[json.dumps(one) for one in channels] for channels in plain]
    tight = [[json.dumps(one, separators=(",", ":")) for one in plain[0]]]
    return [*tight, *wide]


def _specs(manifests: Sequence[Manifest], platform: str) -> list[dict[str, object]] | None:
    """The requirements by manager and name, a later manifest's over an earlier's."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for manifest in manifests:
        for line in _lines(manifest):
            if line.selector is not None and not selector.holds(line.selector, platform):
                continue
            if isinstance(line, Requirement) and line.editable:
                continue  # conda-lock leaves these out
            made = _conda(line) if isinstance(line, Spec) else _pip(line)
            if made is None:
                return None
            found["conda" if isinstance(line, Spec) else "pip", line.name] = made
        if manifest.pip_locations:
            found["conda", "pip"] = _dependency("pip", "conda", "*", [])
    return [found[key] for key in sorted(found)]


def _conda(spec: Spec) -> dict[str, object] | None:
    match = _SPEC.fullmatch(spec.text.strip())
    if match is None or spec.error or spec.url:
        return None
    version = _version(match[1].strip(), spec)
    made = _dependency(spec.name, "conda", version, [])
    made["build"] = spec.build
    made["conda_channel"] = channel_name(spec.channel) if spec.channel else None
    return made


def _version(tail: str, spec: Spec) -> str:
    """The version as conda's MatchSpec holds it: ``=1.2`` as ``1.2.*``, ``==1.2`` as ``1.2``."""
    version = "".join(tail.split())
    if spec.build is not None:
        version = (spec.version or "").removeprefix("==")
        return version.removeprefix("=")
    if version.startswith("==") and not any(c in version for c in ",|"):
        return version[2:]
    if version.startswith("=") and not any(c in version[1:] for c in "=,|"):
        bare = version[1:]
        return bare if bare.endswith("*") else f"{bare}.*"
    return version


def _pip(req: Requirement) -> dict[str, object] | None:
    if req.kind != "name" or req.marker or req.error:
        return None
    return _dependency(req.name, "pip", req.specifier or "*", sorted(req.extras))


def _dependency(name: str, manager: str, version: str, extras: list[str]) -> dict[str, object]:
    return {
        "name": name,
        "manager": manager,
        "category": "main",
        "extras": extras,
        "version": version,
        "build": None,
        "conda_channel": None,
        "hash": None,
    }


def _virtual(platform: str) -> Iterator[dict[str, object]]:
    """The repository of virtual packages as each version of conda-lock makes it up."""
    for glibc, suffix, old_osx, cuda in product(_GLIBC, ("_0", ""), (True, False), (_CUDA, "")):
        yield _repository(platform, _packages(platform, glibc, cuda, old_osx=old_osx), suffix)


def _repository(
    platform: str, packages: Iterable[tuple[str, str, str]], suffix: str
) -> dict[str, object]:
    entries = dict(_entry(*package, platform, suffix) for package in packages)
    return {
        "noarch": {"info": {"subdir": "noarch"}, "packages": {}},
        platform: {"info": {"subdir": platform}, "packages": entries},
    }


def _packages(
    platform: str, glibc: str, cuda: str, *, old_osx: bool
) -> Iterator[tuple[str, str, str]]:
    system = platform.partition("-")[0]
    yield ("__win" if system == "win" else "__unix"), "0", ""
    yield "__archspec", "1", _MACHINES[platform]
    if system == "linux":
        yield "__linux", "5.10", ""
        yield "__glibc", glibc, ""
    if system == "osx":
        yield "__osx", "11.0", ""
        if old_osx and platform == "osx-64":
            yield "__osx", "10.15", ""
    if system != "osx" and cuda:
        yield "__cuda", cuda, ""


def _entry(
    name: str, version: str, build: str, platform: str, suffix: str
) -> tuple[str, dict[str, object]]:
    whole = f"{build}{suffix}" if build else "0"
    return f"{name}-{version}-{whole}.tar.bz2", {
        "name": name,
        "version": version,
        "build_string": build,
        "build_number": 0,
        "build": whole,
        "noarch": "",
        "depends": [],
        "timestamp": _TIME,
        "package_type": "virtual_system",
        "subdir": platform,
    }
