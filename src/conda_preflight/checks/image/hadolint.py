"""image/hadolint."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Location, Project, Source
from conda_preflight.documents.remark import Hadolint
from conda_preflight.report import Problem, Severity

_LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING}
_TOLD_HERE = frozenset(("DL3002", "DL3006", "DL3007", "DL3025", "DL3042", "DL3057", "DL3064"))
"""What rules of this family tell too, with the lock and the environment in view.

DL3064 judges a variable by letters in its name, so that TOKENIZERS_PARALLELISM is a secret;
image/secret looks at the value as well.
"""


@check("image/hadolint", Severity.WARNING)
def hadolint(dockerfile: Dockerfile, project: Project, hadolint: Hadolint) -> Iterator[Problem]:
    """Hadolint has something to say about this Dockerfile.

    [hadolint](https://github.com/hadolint/hadolint) knows Docker and the shell; its findings
    come under their own ids (`DL3008`, `SC2086`). It is asked where its program is installed:
    `pip install 'conda-preflight[hadolint]'`. What rules of this family tell already is left
    out. Comments such as `# hadolint ignore=DL3008` count; its settings files do not, since
    the settings here say what is judged.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN apt-get update && apt-get install -y tini
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    # hadolint ignore=DL3008,DL3009,DL3015
    RUN apt-get update && apt-get install -y tini
    ```

    ## Fix

    Its [wiki](https://github.com/hadolint/hadolint/wiki) has a page for each id.
    """
    source = next((s for s in project.of(Source) if s.path == dockerfile.path), None)
    if source is None:
        raise Skip("the text of this Dockerfile is not here")
    for remark in hadolint.remarks(source.text):
        if remark.code not in _TOLD_HERE:
            yield Problem(
                about=remark.code,
                message=f"{remark.code}: {remark.message}",
                location=Location(dockerfile.path, remark.line),
                fix=f"See https://github.com/hadolint/hadolint/wiki/{remark.code}.",
                severity=_LEVELS.get(remark.level, Severity.NOTE),
                ids=(remark.code,),
            )
