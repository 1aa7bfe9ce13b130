"""What manifests demand of a lock on one platform, and whether a package meets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from conda_preflight.documents import Manifest, Package, Requirement, Spec
from conda_preflight.grammar import conda_version, marker, selector
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.channel_identity import same


def specs_on(
    manifests: Sequence[Manifest], platform: str, subdir: str
) -> Iterator[tuple[Manifest, Spec]]:
    """The conda specs that must hold on a platform of that subdir, and can be judged.

    Where several manifests ask for one package, the last one's specs count, as conda-lock
    has it. Virtual packages, optional specs and what conda cannot read are left out.
    """
    last = {spec.name: manifest for manifest in manifests for spec in manifest.specs}
    for manifest in manifests:
        for spec in manifest.specs:
            plain = spec.name and not (spec.error or spec.optional or spec.name.startswith("__"))
            if plain and last[spec.name] is manifest and spec_applies(spec, platform, subdir):
                yield manifest, spec


def spec_applies(spec: Spec, platform: str, subdir: str) -> bool:
    """Whether the spec is certainly meant for a platform of that subdir."""
    if spec.platforms:
        return platform in spec.platforms or subdir in spec.platforms
    return spec.selector is None or selector.holds(spec.selector, subdir) is True


def requirements_on(
    manifests: Sequence[Manifest], subdir: str, python: str
) -> Iterator[tuple[Manifest, Requirement]]:
    """The named pip requirements that certainly must hold on a subdir with that Python."""
    last = {req.name: manifest for manifest in manifests for req in manifest.pip if req.name}
    for manifest in manifests:
        for req in manifest.pip:
            named = req.name and req.kind in ("name", "url", "vcs") and not req.error
            if named and last[req.name] is manifest and requirement_applies(req, subdir, python):
                yield manifest, req


def requirement_applies(req: Requirement, subdir: str, python: str) -> bool:
    """Whether the line is certainly meant for a subdir with that Python."""
    if req.selector is not None and selector.holds(req.selector, subdir) is not True:
        return False
    return not req.marker or marker.holds(req.marker, subdir, python) is True


def violated(spec: Spec, package: Package) -> str:
    """What of a spec the package breaks: "version", "build", "channel", or nothing that is sure."""
    if spec.url:
        return ""
    if spec.version and conda_version.matches(spec.version, package.version) is False:
        return "version"
    if spec.build and package.build and not _fits(spec.build, package.build):
        return "build"
    if spec.channel and package.channel:
        asked = channel_name(spec.channel)
        return "" if same(asked, package.channel) else "channel"
    return ""


def _fits(pattern: str, build: str) -> bool:
    if (
        pattern.startswith("^")
        or any(c in pattern for c in "[]|,")
        or len(pattern) > len(build) * 9
    ):
        return True  # a regular expression or several: not judged
    return fnmatchcase(build.lower(), pattern.lower())
