"""image/shell-start."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.final_image import last_starts
from conda_preflight.report import Problem, Severity


@check("image/shell-start", Severity.NOTE)
def shell_start(dockerfile: Dockerfile) -> Iterator[Problem]:
    """`CMD` or `ENTRYPOINT` starts a shell, which starts the program.

    The shell is process 1 and passes no signals on: the container is killed after a wait each time
    it is stopped. Written as a list, or with `exec`, the program itself is process 1.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    CMD python serve.py --port 8000
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    CMD exec python serve.py
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENTRYPOINT ["tini", "--"]
    CMD ["python", "serve.py"]
    ```

    ## Fix

    `CMD ["python", "serve.py"]`.
    """
    for instruction in last_starts(dockerfile):
        text = instruction.value.strip()
        if not instruction.words and not text.startswith(("exec ", "[")) and " exec " not in text:
            yield Problem(
                about=instruction.keyword,
                message=f"{instruction.keyword} starts a shell, which passes no signals on",
                location=instruction.location,
                fix=f'Write it as a list: `{instruction.keyword} ["python", "serve.py"]`.',
            )
