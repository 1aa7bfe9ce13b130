"""manifest/missing-pip."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Manifest, Project, Source
from conda_preflight.report import Edit, Problem, Severity


@check("manifest/missing-pip", Severity.WARNING)
def missing_pip(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """A pip section stands in a manifest that does not ask for pip.

    Conda adds a pip of its own choice and says so at each installation; older versions run
    whatever pip comes first on the PATH, which installs into another environment. With
    `- pip` among the dependencies the one inside the environment is used.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip:
          - transformers==4.44.2
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - transformers==4.44.2
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip:
    ```

    ## Fix

    Write `- pip` on the line before `- pip:`.
    """
    if manifest.partial:
        raise Skip("a fragment that is merged into other manifests may get pip from them")
    if manifest.kind != "environment.yml":
        raise Skip("only conda's manifests need pip to be asked for")
    if manifest.pip and manifest.pip_locations and not manifest.named("pip"):
        at = manifest.pip_locations[0]
        yield Problem(
            "pip",
            "There is a pip section, and pip itself is not asked for",
            at,
            "Write `- pip` on the line before `- pip:`.",
            edits=_line_before(at, project),
        )


def _line_before(at: Location, project: Project) -> tuple[Edit, ...]:
    """The new line, where ``- pip:`` stands on a line of its own."""
    source = next((s for s in project.of(Source) if s.path == at.path), None)
    lead = source.line(at.line)[: at.column - 1] if source else ""
    if lead.strip() != "-":
        return ()
    return (Edit(Location(at.path, at.line, 1), "", f"{lead}pip\n"),)
