"""manifest/wrong-platform."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project, Spec
from conda_preflight.facts.platform_packages import CAN_BE_ANYWHERE, fits, systems
from conda_preflight.grammar.selector import holds
from conda_preflight.report import Problem, Severity

_PEOPLE_SAY = {"linux": "Linux", "win": "Windows", "osx": "macOS"}


@check("manifest/wrong-platform", Severity.ERROR)
def wrong_platform(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """A package is asked for on a platform that it does not exist for.

    The solver finds nothing there, and the whole environment fails. Known are packages for one
    system only: CUDA's are not made for macOS, `libgcc-ng` is of Linux, `vs2015_runtime` of
    Windows. The platforms are those of the manifest, or of the settings. Without any, it is
    told when two packages cannot be on one system together.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - cudatoolkit=11.8
    platforms:
      - linux-64
      - osx-arm64
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pywin32
    ```

    ```toml preflight.toml
    platforms = ["linux-64"]
    ```

    ```yaml environment.yml
    dependencies:
      - libgcc-ng=13.2
      - vs2015_runtime=14.38
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - cudatoolkit=11.8  # [linux]
      - pywin32  # [win]
      - appnope
    platforms:
      - linux-64
      - osx-arm64
    ```

    ```yaml environment.yml
    dependencies:
      - cudatoolkit=11.8
    platforms:
      - linux-64
      - win-64
    ```

    ## Fix

    Give the package a selector (`# [linux]`), or take the platform away.
    """
    platforms = [name.text for name in manifest.platforms] or list(project.platforms)
    told: set[str] = set()
    for spec in manifest.specs:
        wrong = [p for p in platforms if not fits(spec.name, p) and _counts(spec, p)]
        if wrong and spec.name not in told:
            told.add(spec.name)
            yield _problem(manifest, spec, wrong)
    if not platforms:
        yield from _together(manifest)


def _counts(spec: Spec, platform: str) -> bool:
    """Whether the line is for this platform; one with an unknown selector is left alone."""
    if spec.platforms and platform not in spec.platforms:
        return False
    return not spec.selector or holds(spec.selector, platform) is True


def _problem(manifest: Manifest, spec: Spec, wrong: list[str]) -> Problem:
    where = " and ".join(_PEOPLE_SAY[system] for system in systems(spec.name))
    return Problem(
        spec.name,
        f"`{spec.name}` exists for {where} only, and the platforms include {', '.join(wrong)}",
        spec.location,
        _fix(manifest, spec),
    )


def _fix(manifest: Manifest, spec: Spec) -> str:
    system = systems(spec.name)[0]
    if manifest.kind == "environment.yml":
        return f"Write `- {spec.text}  # [{system}]`, or take the platform away."
    table = "tool.pixi.target" if manifest.kind == "pyproject.toml" else "target"
    return f"Move it below `[{table}.{system}.dependencies]`, or take the platform away."


def _together(manifest: Manifest) -> Iterator[Problem]:
    """The first package that leaves no system for all those before it."""
    left = frozenset(_PEOPLE_SAY)
    bound: list[Spec] = []
    for spec in manifest.specs:
        if not systems(spec.name) or spec.name in CAN_BE_ANYWHERE or _is_conditional(spec):
            continue
        left &= frozenset(systems(spec.name))
        bound.append(spec)
        if not left:
            first = next(
                (s for s in bound if not set(systems(s.name)) & set(systems(spec.name))), spec
            )
            yield _excluded(first, spec)
            return


def _is_conditional(spec: Spec) -> bool:
    return bool(spec.selector or spec.platforms)


def _excluded(first: Spec, other: Spec) -> Problem:
    one, two = (" and ".join(_PEOPLE_SAY[x] for x in systems(s.name)) for s in (first, other))
    return Problem(
        other.name,
        f"`{first.name}` exists for {one} only and `{other.name}` for {two} only, "
        "so no platform can have both",
        other.location,
        f"Write a selector behind each, as in `- {first.text}  # [{systems(first.name)[0]}]`.",
    )
