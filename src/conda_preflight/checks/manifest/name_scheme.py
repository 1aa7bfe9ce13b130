"""manifest/name-scheme."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest, Name
from conda_preflight.grammar.environment_name import (
    PURPOSES,
    REFUSED,
    RESERVED,
    STAGES,
    is_template,
    read,
    suggested,
)
from conda_preflight.report import Problem, Severity


@check("manifest/name-scheme", Severity.WARNING)
def name_scheme(
    manifest: Manifest,
    *,
    stages: tuple[str, ...] = STAGES,
    purposes: tuple[str, ...] = PURPOSES,
) -> Iterator[Problem]:
    """The environment is not named `project_stage_purpose`.

    `chatbot_finetune_dev` and `asr_infer_prod` say what may be deleted, what may be changed
    and what serves customers. On a node with forty environments nothing else does. The settings
    `stages` and `purposes` hold the words that count.

    A name that conda keeps for itself (`base`, `root`), or with a character that it refuses (a
    blank, `/`, `:`, `#`), is an error: the environment cannot be created.

    ## Fails

    ```yaml environment.yml
    name: ldm
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: chatbot-finetune-dev
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: base
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: my env
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: chatbot_demo
    dependencies:
      - python=3.11
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: speech_to_text_infer_prod
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: chatbot_label_lab
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [rules."manifest/name-scheme"]
    stages = ["label"]
    purposes = ["lab"]
    ```

    ## Fix

    Rename it: lower-case letters, digits and underscores, with the stage and the purpose last.
    """
    if manifest.name is None:
        raise Skip("the manifest names no environment")
    if manifest.kind != "environment.yml":
        raise Skip("pixi names environments inside a project")
    if not (stages and purposes):
        raise Skip("the settings allow no stage or no purpose")
    name = manifest.name
    if is_template(name.text):
        raise Skip("the name is a template")
    if refusal := _refusal(name.text):
        fix = suggested(name.text, stages, purposes) or "project_stage_purpose"
        yield _problem(name, refusal, f"Write `name: {fix}`.", Severity.ERROR)
    elif fault := read(name.text, stages, purposes):
        fix = suggested(name.text, stages, purposes)
        written = f"Write `name: {fix}`." if fix else _choices(stages, purposes)
        yield _problem(name, f"`{name.text}` is not project_stage_purpose: {fault}", written)


def _refusal(name: str) -> str:
    if name.lower() in RESERVED:
        return f"conda keeps the name `{name}` for itself"
    found = next((char for char in name if char in REFUSED), "")
    shown = "a blank" if found == " " else f"`{found}`"
    return f"conda refuses {shown} in the name `{name}`" if found else ""


def _choices(stages: tuple[str, ...], purposes: tuple[str, ...]) -> str:
    return (
        f"Name the project, then the stage ({', '.join(stages)}), then the purpose "
        f"({', '.join(purposes)}), as in `chatbot_{stages[-1]}_{purposes[-1]}`."
    )


def _problem(name: Name, message: str, fix: str, severity: Severity | None = None) -> Problem:
    return Problem("name", message, name.location, fix, severity)
