"""Whether a manifest, or a target, asks for an environment that uses a GPU."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conda_preflight.documents import Host, Manifest, Requirement, Spec
from conda_preflight.facts.cuda import COMPONENTS
from conda_preflight.grammar.demand import requirement_applies, spec_applies
from conda_preflight.pattern import lazy_pattern

_GPU_WORD = lazy_pattern(r"(?:^|[^a-z])(?:gpus?|cuda\d*)(?:[^a-z]|$)")
_CPU_WORD = lazy_pattern(r"(?:^|[^a-z])cpu(?:only)?(?:[^a-z]|$)")
_GPU_WHEEL = lazy_pattern(r"(?:\+|/|%2B)cu\d{2,3}(?!\d)", re.IGNORECASE)
_PYTHON = "3.11.0"


def gpu_wish(
    manifests: Sequence[Manifest], hosts: Sequence[Host], platform: str, subdir: str
) -> str:
    """What asks for a GPU on a platform, as a beginning of a sentence; empty where nothing does.

    Where a manifest asks for a CPU build in so many words, nothing does.
    """
    if cpu_wish(manifests, platform, subdir):
        return ""
    specs, pip = _applying(manifests, platform, subdir)
    for place, text in (*_by_conda(specs), *_by_pip(pip), *_by_name(manifests)):
        return f"{place} asks for a GPU with `{text}`"
    gpus = next((host for host in hosts if host.gpus), None)
    return f"the target {gpus.name or gpus.path} has a GPU" if gpus else ""


def cpu_wish(manifests: Sequence[Manifest], platform: str, subdir: str) -> bool:
    """Whether a manifest asks for a CPU build on a platform, in so many words."""
    specs, pip = _applying(manifests, platform, subdir)
    return any(map(_is_for_cpu, manifests)) or _wants_cpu(specs, pip)


def _applying(
    manifests: Sequence[Manifest], platform: str, subdir: str
) -> tuple[list[Spec], list[Requirement]]:
    specs = [s for m in manifests for s in m.specs if s.name and spec_applies(s, platform, subdir)]
    pip = [r for m in manifests for r in m.pip if requirement_applies(r, subdir, _PYTHON)]
    return specs, pip


def _is_for_cpu(manifest: Manifest) -> bool:
    names = (manifest.environment, manifest.name.text if manifest.name else "", manifest.path)
    return any(_CPU_WORD.search(name.lower()) for name in names)


def _wants_cpu(specs: Sequence[Spec], pip: Sequence[Requirement]) -> bool:
    if any(s.name == "cpuonly" or _CPU_WORD.search(f"{s.name} {s.build or ''}") for s in specs):
        return True
    return any("+cpu" in r.text or "/whl/cpu" in r.text or r.name.endswith("-cpu") for r in pip)


def _by_conda(specs: Sequence[Spec]) -> Iterator[tuple[str, str]]:
    for spec in specs:
        build = (spec.build or "").lower()
        named = spec.name in COMPONENTS or spec.name.endswith("-gpu") or spec.name == "__cuda"
        if named or "cuda" in build or "gpu" in build:
            yield f"{spec.location.path}:{spec.location.line}", spec.text


def _by_pip(pip: Sequence[Requirement]) -> Iterator[tuple[str, str]]:
    for req in pip:
        extras = any("cuda" in extra for extra in req.extras)
        if extras or req.name.endswith("-gpu") or _GPU_WHEEL.search(req.text):
            yield f"{req.location.path}:{req.location.line}", req.text.strip()


def _by_name(manifests: Sequence[Manifest]) -> Iterator[tuple[str, str]]:
    for manifest in manifests:
        names = (manifest.environment, manifest.name.text if manifest.name else "")
        for virtual in manifest.virtual_packages:
            if virtual.name == "__cuda":
                yield manifest.path, f"{virtual.name} {virtual.version}"
        for name in names:
            if _GPU_WORD.search(name.lower().replace("_", " ")):
                yield manifest.path, name
