"""image/unverified-installer."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_INSTALLER = lazy_pattern(
    r"https?://\S{0,300}/((?:Mini(?:conda|forge)|Anaconda|Mambaforge|Micromamba)[\w.-]{0,100}\.sh)"
)
_PIPED = lazy_pattern(r"\b(?:curl|wget)\s[^|\n]{0,500}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b")
_COMPARED = lazy_pattern(r"\b(?:sha\d{3}sum|shasum|md5sum|gpg|cosign|minisign)\b|--checksum=")


@check("image/unverified-installer", Severity.ERROR)
def unverified_installer(dockerfile: Dockerfile) -> Iterator[Problem]:
    """An installer is downloaded and run without looking at its digest.

    `Miniconda3-latest-Linux-x86_64.sh` is another file every few weeks, and whoever can change the
    answer of the server runs what they like in the build, as root. An error where the file is
    "latest" or is piped into a shell, a warning where its version is fixed and no digest is
    compared.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN curl -fsSLO https://example.org/Miniconda3-latest-Linux-x86_64.sh \
     && bash Miniconda3-latest-Linux-x86_64.sh -b
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN wget -qO- https://example.org/micromamba/install.sh | bash
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN curl -fsSLO https://example.org/Miniforge3-24.9.2-0-Linux-x86_64.sh \
     && bash Miniforge3-24.9.2-0-Linux-x86_64.sh -b
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN curl -fsSLO https://example.org/Miniforge3-24.9.2-0-Linux-x86_64.sh \
     && echo "0123456789abcdef  Miniforge3-24.9.2-0-Linux-x86_64.sh" | sha256sum -c - \
     && bash Miniforge3-24.9.2-0-Linux-x86_64.sh -b
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ADD --checksum=sha256:0123456789abcdef \
     https://example.org/Miniforge3-24.9.2-0-Linux-x86_64.sh /tmp/i.sh
    RUN bash /tmp/i.sh -b
    ```

    ## Fix

    Name a version and compare its digest: `echo "SHA256 FILE" | sha256sum -c -`, or `ADD
    --checksum=`.
    """
    for instruction in dockerfile.instructions:
        text = instruction.value
        if instruction.keyword not in ("RUN", "ADD") or _COMPARED.search(text):
            continue
        piped = _PIPED.search(text) if instruction.keyword == "RUN" else None
        found = piped or _INSTALLER.search(text)
        if found:
            is_sure = bool(piped) or "latest" in found[0].lower()
            yield Problem(
                about="installer",
                message="A script is piped from the network into a shell"
                if piped
                else f"`{found[1]}` is downloaded and its digest is not compared",
                location=instruction.location,
                fix="Download a version that is named, and compare its digest with `sha256sum -c`."
                if piped and "conda" not in piped[0]
                else "Name a version and compare its digest with `sha256sum -c`, or take a base "
                "that has conda.",
                severity=None if is_sure else Severity.WARNING,
            )
