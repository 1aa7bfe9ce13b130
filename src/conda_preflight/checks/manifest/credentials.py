"""manifest/credentials."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Location, Manifest, Requirements
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity

_FIX = "Take the secret out and make a new one; write `${NAME}`, or keep it in `~/.netrc`."


@check("manifest/credentials", Severity.ERROR)
def credentials(doc: Manifest | Requirements) -> Iterator[Problem]:
    """A password or token is written into the file.

    The file is copied into images, logs and version control, and whoever reads one of them can
    use the secret. Deleting the line later does not help: the history keeps it. Looked at are
    the URLs of channels, packages and requirements, the options of pip and the variables.

    Names of variables (`${TOKEN}`) are no secrets. The secret itself is never shown.

    ## Fails

    ```yaml environment.yml
    channels:
      - https://robot:hunter2@conda.example.org/ours
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    channels:
      - https://conda.example.org/t/ab-12345678-cdef/ours
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - --extra-index-url https://robot:hunter2@wheels.example.org/simple
          - ourmodel==1.0
    variables:
      API_TOKEN: 0f1e2d3c4b5a
    ```

    ```text requirements.txt
    ourmodel @ git+https://robot:hunter2@git.example.org/ourmodel.git@v1
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - https://conda.example.org/t/${CONDA_TOKEN}/ours
      - conda-forge
    dependencies:
      - pip
      - pip:
          - --extra-index-url https://${USER}:${PASSWORD}@wheels.example.org/simple
          - git+ssh://git@git.example.org/ourmodel.git
          - tokenizers==0.19
    variables:
      TOKENIZERS_PARALLELISM: "false"
      HF_HOME: /data
    ```

    ## Fix

    Make the secret invalid and get a new one. Write `${NAME}` where conda or pip expand
    variables, or keep it in `~/.netrc` or the keyring.
    """
    for what, text, place in _texts(doc):
        shown = redact(text)
        if shown != text:
            yield Problem(
                f"{what} {shown}",
                f"A secret is written into the {what} `{_short(shown)}`",
                place,
                _FIX,
            )


def _texts(doc: Manifest | Requirements) -> Iterator[tuple[str, str, Location]]:
    for req in doc.pip:
        yield ("option" if req.kind == "option" else "requirement"), req.text, req.location
    if isinstance(doc, Manifest):
        for channel in doc.channels:
            yield "channel", channel.text, channel.location
        for spec in doc.specs:
            yield "package", spec.text, spec.location
        for variable in doc.variables:
            yield "variable", variable.text, variable.location


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."  # noqa: PLR2004  (one line)
