"""image/unfiltered-context."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Instruction, Manifest, Project, Source
from conda_preflight.grammar.dockerignore import is_ignored, patterns
from conda_preflight.grammar.included import paths
from conda_preflight.report import Problem, Severity


@check("image/unfiltered-context", Severity.WARNING)
def unfiltered_context(dockerfile: Dockerfile, project: Project) -> Iterator[Problem]:
    """The whole folder is copied, and nothing leaves environments and history out.

    `COPY . .` takes `.git` with all that ever was in it, and `.pixi` or `.venv` with gigabytes of
    packages that were made for another machine and shadow those of the image. A `.dockerignore`
    at the top of the folder (or `NAME.dockerignore` beside the Dockerfile) leaves them out.
    Judged is what the project surely has: `.git` where it is under version control, `.pixi` beside
    a manifest of pixi, `.venv` beside `uv.lock`.

    ## Fails

    ```toml pixi.toml
    [workspace]
    name = "chatbot"
    channels = ["conda-forge"]
    platforms = ["linux-64"]
    [dependencies]
    python = "3.11.*"
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    COPY . /app
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    COPY . /app
    ```

    ```text .dockerignore
    .venv
    ```

    ```text notes.txt untracked
    ```

    ## Passes

    ```toml pixi.toml
    [workspace]
    name = "chatbot"
    channels = ["conda-forge"]
    platforms = ["linux-64"]
    [dependencies]
    python = "3.11.*"
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    COPY . /app
    ```

    ```text .dockerignore
    .*
    ```

    ## Fix

    A `.dockerignore` with `.git`, `.pixi`, `.venv`, `envs` and `__pycache__`; or `COPY` what is
    needed by name.
    """
    if project.path != ".":
        raise Skip("only this file was audited")
    whole = [i for i in dockerfile.instructions if _is_whole(i)]
    held = _held(project)
    if not whole or not held:
        return
    filters = _filters(dockerfile, project)
    lines = [patterns(source.text) for source in filters]
    left = [name for name in held if not any(is_ignored(f"{name}/config", x) for x in lines)]
    if left:
        ways = f"{filters[0].path} does not leave" if filters else "no .dockerignore leaves"
        yield Problem(
            about="context",
            message=f"The whole folder is copied, and {ways} out {' and '.join(left)}",
            location=whole[0].location,
            fix=f"Write {' and '.join(f'`{name}`' for name in left)} into a .dockerignore, or copy "
            "by name.",
        )


def _is_whole(instruction: Instruction) -> bool:
    if instruction.keyword not in ("COPY", "ADD") or "--from=" in instruction.value[:400]:
        return False
    words = [word for word in instruction.words if not word.startswith("--")]
    return any(word in (".", "./", "/", "*") for word in words[:-1])


def _held(project: Project) -> list[str]:
    """The folders that the project's directory surely has, or gets when somebody works in it."""
    known = paths(project)
    is_pixi = any(m.path == "pixi.toml" for m in project.of(Manifest)) or "pixi.lock" in known
    marks = {".git": bool(project.tracked), ".pixi": is_pixi, ".venv": "uv.lock" in known}
    return [name for name, is_there in marks.items() if is_there]


def _filters(dockerfile: Dockerfile, project: Project) -> list[Source]:
    """The .dockerignore that a build may use: of the file itself, of its folder, of those above."""
    folder = posixpath.dirname(dockerfile.path)
    names = {f"{dockerfile.path}.dockerignore", ".dockerignore"}
    while folder:
        names.add(posixpath.join(folder, ".dockerignore"))
        folder = posixpath.dirname(folder)
    return [source for source in project.of(Source) if source.path in names]
