"""manifest/pip-option."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirements
from conda_preflight.report import Problem, Severity

_EFFECTS = {
    "--pre": (
        Severity.WARNING,
        "lets pip take pre-releases of every project, also of those that others bring in",
        "Delete it, and pin the one pre-release that is needed: `name==2.0.0rc1`.",
    ),
    "--no-binary": (
        Severity.WARNING,
        "makes pip compile on the machine that installs, with the compiler found there",
        "Delete it, or build the wheel once and name its URL with a hash.",
    ),
    "--no-index": (
        Severity.NOTE,
        "keeps pip from any index, so all must lie in the places of --find-links",
        "Keep it only where those places exist on every machine.",
    ),
    "--prefer-binary": (
        Severity.NOTE,
        "makes pip take an older version that has a wheel before a newer one that has none",
        "Pin exact versions, and delete it.",
    ),
    "--use-feature": (
        Severity.NOTE,
        "turns on behaviour that only some versions of pip have",
        "Delete it, or pin pip: `- pip=24.2`.",
    ),
}
_REMOVED = "--install-option"


@check("manifest/pip-option", Severity.WARNING)
def pip_option(doc: Manifest | Requirements) -> Iterator[Problem]:
    """An option changes what pip chooses for the whole file.

    Such a line looks like one more requirement and works on all of them: `--pre` alone gives
    another environment on another day. `--only-binary` and `--require-hashes` make the
    outcome surer, and are never blamed. Indexes are judged by `manifest/extra-index`.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - --pre
          - torch==2.4.1
    ```

    ```text requirements.txt
    --no-binary :all:
    numpy==1.26.4
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - "--only-binary=:all:"
          - torch==2.4.1
    ```

    ## Fix

    Delete the option, and pin exact versions.
    """
    for req in doc.pip:
        if req.kind == "option" and not req.error and req.option in _EFFECTS:
            severity, effect, fix = _EFFECTS[req.option]
            written = f"{req.option} {req.value}".strip()
            message = f"`{written}` {effect}"
            yield Problem(written, message, req.location, fix, severity)
        elif f" {_REMOVED}" in req.text:
            yield Problem(
                f"{req.name} {_REMOVED}",
                f"`{_REMOVED}` behind `{req.name}` is gone since pip 23.1, which refuses the line",
                req.location,
                "Write `--config-settings`, which the build of the project must know.",
            )
