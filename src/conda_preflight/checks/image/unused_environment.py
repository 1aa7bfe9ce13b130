"""image/unused-environment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Instruction, Project
from conda_preflight.grammar.environment_use import BASE, Made, in_image
from conda_preflight.grammar.final_image import final_stages, last_starts
from conda_preflight.grammar.image_stage import by_instruction
from conda_preflight.grammar.shell_wrapper import program_name
from conda_preflight.grammar.written_file import files_of
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_PYTHON = lazy_pattern(r"python[0-9.]{0,5}|uvicorn|gunicorn|torchrun|accelerate|vllm|jupyter")
_ENTERS = lazy_pattern(
    r"activate|\b(?:conda|mamba)\s+run\b|\benvs/|CONDA_DEFAULT_ENV|\bENV_NAME\b|CONDA_PREFIX"
    r"|\"(?:conda|mamba|micromamba)\"|\.bashrc|\.profile|\bln\s|\bconda[- ]pack"
)
_PASSES = lazy_pattern(r"(?:conda|mamba|micromamba|source)\s+activate\s")
_LEADS = lazy_pattern(r"\.bashrc|\.profile|\bln\s|pack|\bmv\s")
"""How the very RUN that makes an environment may lead into it, or bring it elsewhere."""
_CONDA = lazy_pattern(r"(?i)(?:conda|forge|mamba)\d?$")


@check("image/unused-environment", Severity.ERROR)
def unused_environment(dockerfile: Dockerfile, project: Project) -> Iterator[Problem]:
    """An environment is made, and the program starts outside of it.

    `RUN conda activate` ends with its `RUN`. Where neither PATH, SHELL nor the start command leads
    into the environment, `python` is that of the base image, without the packages. Told where
    `CMD` or `ENTRYPOINT` starts Python or a server by its bare name, and nothing else of the file
    names the environment or enters any. An environment whose name only a file says that is not
    here may be `base`, and is not judged.

    ## Fails

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY conda-linux-64.lock /tmp/
    RUN conda create -n chat --file /tmp/conda-linux-64.lock && conda clean -afy
    COPY serve.py /app/
    CMD ["python", "/app/serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY environment.yml /tmp/
    RUN conda env create -n chat -f /tmp/environment.yml
    RUN conda activate chat
    CMD python /app/serve.py
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY conda-linux-64.lock /tmp/
    RUN conda create -n chat --file /tmp/conda-linux-64.lock && conda clean -afy
    ENV PATH=/opt/conda/envs/chat/bin:$PATH
    CMD ["python", "/app/serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY environment.yml /tmp/
    RUN conda env update -n base -f /tmp/environment.yml
    CMD ["python", "/app/serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY conda-linux-64.lock /tmp/
    RUN conda create -n chat --file /tmp/conda-linux-64.lock
    CMD ["conda", "run", "--no-capture-output", "-n", "chat", "python", "/app/serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY conda-linux-64.lock /tmp/
    RUN conda create -n chat --file /tmp/conda-linux-64.lock
    COPY start.sh /app/
    ENTRYPOINT ["/app/start.sh"]
    ```

    ## Fix

    `ENV PATH=/opt/conda/envs/NAME/bin:$PATH` after the environment is made.
    """
    starts, dockerfile = last_starts(dockerfile), _lasting(dockerfile)
    found = in_image(dockerfile)
    names = [_name(made, dockerfile, project) for made in found.made]
    if not names or found.used or any(map(_may_be_base, names)) or not _starts_python(starts):
        return
    kept = final_stages(dockerfile)
    lines = {made.location.line for made in found.made}
    makers, others = _parted(dockerfile, lines)
    enters = any(_enters(instruction, names) for instruction in others)
    if enters or not all(i.stage in kept and not _LEADS.search(i.value) for i in makers):
        return
    folder = names[0] if "/" in names[0] else f"/opt/conda/envs/{names[0]}"
    yield Problem(
        about=names[0],
        message=f"The environment {names[0]} is made here, and {starts[-1].keyword} starts outside "
        "of it, with the Python of the base image",
        location=found.made[0].location,
        fix=f"Add `ENV PATH={folder}/bin:$PATH`.",
    )


def _lasting(dockerfile: Dockerfile) -> Dockerfile:
    """The file without each RUN that begins with activating, since that ends with its shell."""
    kept = [
        (instruction, commands)
        for instruction, commands in by_instruction(dockerfile)
        if instruction.keyword != "RUN"
        or not _PASSES.match(instruction.value)
        or _LEADS.search(instruction.value)
    ]
    return replace(
        dockerfile,
        instructions=tuple(instruction for instruction, _ in kept),
        commands=tuple(command for _, commands in kept for command in commands),
    )


def _name(made: Made, dockerfile: Dockerfile, project: Project) -> str:
    """The name or the path of an environment, also where its file says it; empty if unknown."""
    files = files_of(project)
    said = {name for file in made.files for name in files.names(file, dockerfile.path, made.folder)}
    return made.name or (said.pop() if len(said) == 1 else "")


def _may_be_base(name: str) -> bool:
    return not name or name in BASE or ("/" in name and bool(_CONDA.search(name)))


def _parted(dockerfile: Dockerfile, lines: set[int]) -> tuple[list[Instruction], list[Instruction]]:
    """The instructions with a command on one of these lines, and the others of the last stages."""
    makers: list[Instruction] = []
    others: list[Instruction] = []
    kept = final_stages(dockerfile)
    for instruction, commands in by_instruction(dockerfile):
        if any(command.location.line in lines for command in commands):
            makers.append(instruction)
        elif instruction.stage in kept:
            others.append(instruction)
    return makers, others


def _enters(instruction: Instruction, names: list[str]) -> bool:
    """Whether an instruction names one of the environments, or enters any."""
    text = instruction.value
    return bool(_ENTERS.search(text)) or any(name in text for name in names)


def _starts_python(starts: list[Instruction]) -> bool:
    """Whether a bare name of Python or of a server is what starts."""
    first = (starts[0].words or tuple(starts[0].value.split()))[:1] if starts else ()
    return bool(first) and "/" not in first[0] and bool(_PYTHON.fullmatch(program_name(first[0])))
