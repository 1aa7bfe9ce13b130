"""manifest/contradictory-pins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Spec
from conda_preflight.grammar.spec_groups import clash, together
from conda_preflight.report import Problem, Severity


@check("manifest/contradictory-pins", Severity.ERROR)
def contradictory_pins(manifest: Manifest) -> Iterator[Problem]:
    """No version of a package satisfies what the manifest asks of it.

    The solver fails, with a message that names everything but these lines. Told is what holds
    for any channel: two lines for one package that exclude each other, or one line that
    excludes itself.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - numpy=1.26
      - scipy
      - numpy>=2
    ```

    ```yaml environment.yml
    dependencies:
      - python>=3.12,<3.10
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - numpy=1.26
      - numpy>=1.20,<2
      - python>=3.10,<3.12|>=3.13
      - cudatoolkit=11.8  # [linux]
      - cudatoolkit=11.3  # [win]
    ```

    ## Fix

    Keep the version that is meant.
    """
    for spec in manifest.specs:
        if spec.version and not spec.error and clash((spec,)):
            yield Problem(
                spec.name,
                f"No version satisfies `{spec.text}`",
                spec.location,
                "Write the range that is meant.",
            )
    told: set[str] = set()
    for group in together(_everywhere(manifest)):
        for problem in _between(group):
            if problem.about not in told:
                told.add(problem.about)
                yield problem


def _everywhere(manifest: Manifest) -> Iterable[Spec]:
    """In pixi's manifests a line for one platform takes the place of the line for all."""
    if manifest.kind == "environment.yml":
        return manifest.specs
    bound = {spec.name for spec in manifest.specs if spec.platforms}
    return [spec for spec in manifest.specs if spec.name not in bound]


def _between(group: list[Spec]) -> Iterator[Problem]:
    """The first line that cannot be satisfied together with those before it."""
    for count in range(2, len(group) + 1):
        spec = group[count - 1]
        if any(clash((one,)) for one in group[:count]):
            return
        if clash(group[:count]):
            other = next((s for s in group[: count - 1] if clash((s, spec))), group[0])
            yield Problem(
                spec.name,
                f"No version satisfies both `{spec.text}` and `{other.text}` of line "
                f"{other.location.line}",
                spec.location,
                "Keep one of the two lines.",
            )
            return
