"""image/library-path."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.final_image import final_instructions
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_SET = lazy_pattern(r"\bLD_LIBRARY_PATH(?:=|\s+)(\S{0,500})")


@check("image/library-path", Severity.WARNING)
def library_path(dockerfile: Dockerfile) -> Iterator[Problem]:
    """`LD_LIBRARY_PATH` is set for the whole image.

    The loader looks there before it looks into the libraries' own folders (`RUNPATH`), so other
    copies of cuDNN, NCCL or libstdc++ come in: the commonest cause of "undefined symbol" after an
    update.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV LD_LIBRARY_PATH=/usr/local/cuda/lib64:$LD_LIBRARY_PATH
    CMD ["python", "serve.py"]
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV PATH=/opt/env/bin:$PATH
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV LD_LIBRARY_PATH=""
    CMD ["python", "serve.py"]
    ```

    ## Fix

    Leave it out: packages of conda and wheels find their libraries by themselves.
    """
    for instruction in final_instructions(dockerfile):
        found = _SET.search(instruction.value) if instruction.keyword == "ENV" else None
        if found and found[1].strip("\"' "):
            yield Problem(
                about="LD_LIBRARY_PATH",
                message="LD_LIBRARY_PATH is set for all programs, so the loader takes libraries "
                "from there before those of the environment",
                location=instruction.location,
                fix="Leave it out, or set it for the one program that needs it.",
            )
            return
