"""image/secret."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Instruction
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_PAIR = lazy_pattern(r"(\w{1,100})=(\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|\S{0,500})")
_SECRET = lazy_pattern(
    r"(?i)(?:^|_)(?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)"
    r"(?:$|_)"
)
_HARMLESS = lazy_pattern(
    r"(?i)(?:_FILE|_PATH|_DIR|_URL|_NAME|_ID|_TYPE|_LENGTH|_LIMIT|_COUNT)$|^PWD$|CACHE_KEY$"
)
_IN_URL = lazy_pattern(r"https?://[^\s/@:]{1,100}:([^\s/@]{1,200})@")
_SHORTEST = 8
_SHOWN = ("RUN", "ENV", "ARG", "ADD")


@check("image/secret", Severity.ERROR)
def secret(dockerfile: Dockerfile) -> Iterator[Problem]:
    """A password, token or key is written into the image.

    `ENV` and the defaults of `ARG` stand in the image's history for everybody who can pull it,
    also after a later line unsets them; so do credentials in the URL of an index. An argument that
    takes a secret at build time is told as a warning: its value stands in the history too.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz0123
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN pip install \
     --no-cache-dir --extra-index-url https://someone:hunter2hunter2@example.org/simple model==1.0
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ARG AWS_SECRET_ACCESS_KEY
    RUN true
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV HF_TOKEN=""
    ENV TOKENIZERS_PARALLELISM=false
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN --mount=type=secret,id=pip,target=/root/.config/pip/pip.conf pip \
     install --no-cache-dir model==1.0
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV API_KEY_FILE=/run/secrets/key
    ARG CACHE_KEY=v1
    ```

    ## Fix

    `RUN --mount=type=secret,id=NAME`: the value is there for that command and in no layer.
    """
    for instruction in dockerfile.instructions:
        if instruction.keyword in ("ENV", "ARG"):
            yield from _values(instruction)
        found = _IN_URL.search(instruction.value) if instruction.keyword in _SHOWN else None
        if found and not found[1].startswith(("$", "{", "<", "%")):
            yield _problem(instruction, "a URL", "A URL holds a password")


def _values(instruction: Instruction) -> Iterator[Problem]:
    for name, value in _PAIR.findall(instruction.value):
        if not _SECRET.search(name) or _HARMLESS.search(name):
            continue
        plain = value.strip("\"'")
        if plain and not plain.startswith(("$", "<", "/", "{")) and len(plain) >= _SHORTEST:
            yield _problem(instruction, name, f"{name} is written into the image")
    lone = instruction.value.strip()
    is_lone = instruction.keyword == "ARG" and "=" not in lone and not _HARMLESS.search(lone)
    if is_lone and _SECRET.search(lone):
        yield _problem(
            instruction,
            lone,
            f"The value of {lone} will stand in the history of the image",
            Severity.WARNING,
        )


def _problem(
    instruction: Instruction, about: str, said: str, severity: Severity | None = None
) -> Problem:
    return Problem(
        about=about,
        message=f"{said}, where everybody can read it who can pull it",
        location=instruction.location,
        fix="Use `RUN --mount=type=secret`, or give it to the container when it starts. Change "
        "the secret: it is known.",
        severity=severity,
    )
