"""image/caches-kept."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Instruction
from conda_preflight.grammar.final_image import final_stages
from conda_preflight.grammar.image_stage import by_instruction
from conda_preflight.grammar.installs import install_of
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_FILLS = ("create", "install", "update")
_OFF = lazy_pattern(r"\bPIP_NO_CACHE_DIR\b")
_PACKAGES = r"rm\s[^&;\n]{0,200}(?:pkgs|\.cache|\.mamba)"
_CLEANS = {
    "conda": lazy_pattern(rf"(?:conda|mamba)\s+clean\s|{_PACKAGES}"),
    "mamba": lazy_pattern(rf"(?:conda|mamba)\s+clean\s|{_PACKAGES}"),
    "micromamba": lazy_pattern(rf"micromamba\s+clean\s|{_PACKAGES}"),
    "pip": lazy_pattern(r"--no-cache-dir|pip3?\s+cache\s+purge|rm\s[^&;\n]{0,200}\.cache"),
    "uv": lazy_pattern(r"--no-cache|uv\s+cache\s+clean|rm\s[^&;\n]{0,200}\.cache"),
}
_HOW = {
    "conda": "Add `&& conda clean --all --yes`",
    "mamba": "Add `&& mamba clean --all --yes`",
    "micromamba": "Add `&& micromamba clean --all --yes`",
    "pip": "Write `pip install --no-cache-dir`",
    "uv": "Write `uv pip install --no-cache`",
}


@check("image/caches-kept", Severity.WARNING)
def caches_kept(dockerfile: Dockerfile) -> Iterator[Problem]:
    """What an installation downloads stays in a layer of the image.

    A later `RUN` cannot make an earlier layer smaller: caches of conda and pip must be emptied in
    the same `RUN` that fills them, or lie in a cache mount. Stages that only lend files to others
    are not judged.

    ## Fails

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY conda-linux-64.lock /tmp/
    RUN conda create -n chat --file /tmp/conda-linux-64.lock
    RUN conda clean --all -y
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    COPY requirements.txt /tmp/
    RUN pip install -r /tmp/requirements.txt
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY conda-linux-64.lock /tmp/
    RUN conda create -n chat --file /tmp/conda-linux-64.lock && conda clean -afy
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    ENV PIP_NO_CACHE_DIR=1
    COPY requirements.txt /tmp/
    RUN pip install -r /tmp/requirements.txt
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN --mount=type=cache,target=/root/.cache pip install -r /tmp/requirements.txt
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0 AS build
    RUN conda create -p /env --file /tmp/conda-linux-64.lock
    FROM debian:12-slim
    COPY --from=build /env /env
    ```

    ## Fix

    `&& conda clean --all --yes`, `pip install --no-cache-dir`, or `RUN --mount=type=cache`.
    """
    kept = final_stages(dockerfile)
    settings = [i.value for i in dockerfile.instructions if i.keyword in ("ENV", "ARG")]
    is_off = any(map(_OFF.search, settings))
    for instruction, commands in by_instruction(dockerfile):
        if instruction.keyword != "RUN" or instruction.stage not in kept:
            continue
        tools = {i.tool for c in commands if (i := install_of(c)) and i.action in _FILLS}
        left = [tool for tool in sorted(tools) if not _is_clean(tool, instruction, is_off=is_off)]
        if left:
            yield Problem(
                about=" ".join(left),
                message=f"What {' and '.join(left)} downloaded here stays in the layer",
                location=instruction.location,
                fix=" and ".join(_HOW[tool] for tool in left) + ", in this RUN.",
            )


def _is_clean(tool: str, instruction: Instruction, *, is_off: bool) -> bool:
    text = instruction.value
    if "type=cache" in text or tool not in _CLEANS:
        return True
    return bool(_CLEANS[tool].search(text)) or (is_off and tool == "pip")
