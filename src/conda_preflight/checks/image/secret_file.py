"""image/secret-file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Instruction
from conda_preflight.grammar.final_image import final_stages
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_SECRET = lazy_pattern(
    r"(?i)(?:^|/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|_netrc|\.pypirc|\.git-credentials"
    r"|kaggle\.json|\.aws(?:/credentials)?/?|\.pgpass|\.ssh/?|application_default_credentials\.json)$"
)
_MAYBE = lazy_pattern(
    r"(?i)(?:^|/)(?:\.env(?:\.(?:local|prod|production|staging|secrets?))?|\.npmrc|\.condarc"
    r"|\.docker/config\.json|pip\.conf|[\w.-]{0,80}(?:private|secret)[\w.-]{0,80}\.(?:pem|json)"
    r"|[\w.-]{0,80}key[\w.-]{0,80}\.pem|[\w.-]{1,80}\.(?:key|p12|pfx)"
    r"|[\w-]{0,80}service[_-]?account[\w.-]{0,80}\.json|credentials(?:\.json)?)$"
)
_PUBLIC = lazy_pattern(r"(?i)pub|gpg|apt|repo|release|signing|cert|(?:^|[/_.-])ca[_.-]")
"""Words in the names of keys that everybody may have."""


@check("image/secret-file", Severity.ERROR)
def secret_file(dockerfile: Dockerfile) -> Iterator[Problem]:
    """A file of credentials is copied into the image.

    It stays in its layer for everybody who can pull the image, also when a later line removes it.
    Keys of SSH, `.netrc`, `.pypirc`, `kaggle.json`, `.aws` and their kind are an error; files that
    often hold a secret (`.env`, `.condarc`, `pip.conf`, private keys) are a warning, and so is any
    of them in a stage that only lends files to others.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    COPY .netrc /root/.netrc
    RUN git clone https://git.example.org/model && rm /root/.netrc
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    COPY .env serve.py /app/
    CMD ["python", "/app/serve.py"]
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN --mount=type=secret,id=netrc,target=/root/.netrc git clone https://git.example.org/model
    COPY .env.example serve.py /app/
    CMD ["python", "/app/serve.py"]
    ```

    ## Fix

    `RUN --mount=type=secret,id=NAME,target=PATH` in the build, a mounted secret when it runs.
    """
    kept = final_stages(dockerfile)
    for instruction in dockerfile.instructions:
        for source in _sources(instruction):
            is_sure = bool(_SECRET.search(source))
            if is_sure or (_MAYBE.search(source) and not _PUBLIC.search(source)):
                name = posixpath.basename(source.rstrip("/"))
                says = "holds credentials" if is_sure else "often holds credentials"
                yield Problem(
                    about=source,
                    message=f"{name} {says}, and its layer keeps it for all who can pull the image",
                    location=instruction.location,
                    fix="Mount it for the one command: `RUN --mount=type=secret,id=X,target=...`.",
                    severity=None if is_sure and instruction.stage in kept else Severity.WARNING,
                )


def _sources(instruction: Instruction) -> tuple[str, ...]:
    """What is copied from the context; nothing of other stages and images."""
    if instruction.keyword not in ("COPY", "ADD") or "--from=" in instruction.value[:400]:
        return ()
    return tuple(word for word in instruction.words if not word.startswith("--"))[:-1]
