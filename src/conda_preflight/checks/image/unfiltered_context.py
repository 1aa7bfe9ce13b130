"""image/unfiltered-context."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Instruction, Project, Source
from conda_preflight.grammar.dockerignore import is_ignored, patterns
from conda_preflight.grammar.meant_path import above
from conda_preflight.grammar.written_file import files_of
from conda_preflight.report import Problem, Severity

_MARKS = ("pixi.toml", "pixi.lock", "uv.lock")


@check("image/unfiltered-context", Severity.WARNING)
def unfiltered_context(dockerfile: Dockerfile, project: Project) -> Iterator[Problem]:
    """The whole folder is copied, and nothing leaves environments and history out.

    `COPY . .` takes `.git` with all that ever was in it, and `.pixi` or `.venv` with gigabytes of
    packages that were made for another machine and shadow those of the image. A `.dockerignore`
    at the top of the folder (or `NAME.dockerignore` beside the Dockerfile) leaves them out.
    Judged is what the folder surely has: `.git` where it is the top of what is under version
    control, `.pixi` beside a manifest or a lock of pixi, `.venv` beside `uv.lock`. The folder is
    that of the Dockerfile, or one above it where what else is copied lies.

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
    contexts = files_of(project).paths.contexts(dockerfile.path)
    held = _held(contexts, project)
    if not whole or not held:
        return
    filters = _filters(dockerfile, project)
    left = [name for name in held if not any(_leaves_out(x, contexts[0], name) for x in filters)]
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


def _held(contexts: tuple[str, ...], project: Project) -> list[str]:
    """The folders that a context surely has, or gets when somebody works in it."""
    known = files_of(project).paths.known
    here = {name: posixpath.join(contexts[0], name) in known for name in _MARKS}
    marks = {
        ".git": contexts == ("",) and bool(project.tracked),
        ".pixi": here["pixi.toml"] or here["pixi.lock"],
        ".venv": here["uv.lock"],
    }
    return [name for name, is_there in marks.items() if is_there]


def _filters(dockerfile: Dockerfile, project: Project) -> list[Source]:
    """The .dockerignore that a build may use: of the file itself, of its folder, of those above."""
    folders = above(dockerfile.path)
    names = {posixpath.join(folder, ".dockerignore") for folder in folders}
    names.add(f"{dockerfile.path}.dockerignore")
    return [source for source in project.of(Source) if source.path in names]


def _leaves_out(ignore: Source, context: str, name: str) -> bool:
    """Whether what lies in a folder of the context is left out; paths count from the file's own."""
    base, _, own = ignore.path.rpartition("/")
    start = context if own != ".dockerignore" else base
    path = posixpath.join(posixpath.relpath(context or ".", start or "."), name, "config")
    return is_ignored(posixpath.normpath(path), patterns(ignore.text))
