"""docs/no-word."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Manifest, Project, Script, Source
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_README = lazy_pattern(r"readme(?:\.(?:md|markdown|mkd|rst|txt))?")
_WORD = lazy_pattern(
    r"(?i)conda|mamba|\bpixi\b|\bvenv\b|virtualenv|\buv (?:sync|pip|run)|\bpip3? install"
    r"|requirements[\w-]{0,40}\.txt|environment|docker|container|devcontainer"
    r"|\binstall(?:ation|ing)?\b|\bset-?up\b|\bmake \w"
)


@check("docs/no-word", Severity.NOTE)
def no_word(project: Project) -> Iterator[Problem]:
    """The README says nothing about the environment.

    Who comes new does not find out that there is one, and installs with pip what comes to mind.
    Judged is the README beside a manifest, where no other page of that folder or of `docs` there
    says how to install.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```markdown README.md
    # Chatbot

    It answers questions.
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```markdown README.md
    # Chatbot

    See [how to install it](docs/install.md).
    ```

    ## Fix

    Run `conda-preflight docs`, which writes a section about the environment.
    """
    if project.path != ".":
        raise Skip("only this file was audited")
    folders = {m.path.rpartition("/")[0] for m in project.of(Manifest) if not m.partial}
    pages = {script.path for script in project.of(Script) if script.kind == "readme"}
    texts = {source.path: source for source in project.of(Source) if source.path in pages}
    readmes = [path for path in texts if _is_readme(path) and path.rpartition("/")[0] in folders]
    if not readmes:
        raise Skip("no README lies beside a manifest")
    for path in readmes:
        folder = path.rpartition("/")[0]
        near = [text for name, text in texts.items() if _is_near(name, folder)]
        if not any(_WORD.search(source.text) for source in near):
            yield Problem(
                "README",
                "The README says nothing about the environment that lies beside it",
                Location(path, 1, 1, len(texts[path].line(1))),
                "Run `conda-preflight docs`.",
            )


def _is_readme(path: str) -> bool:
    return bool(_README.fullmatch(path.rpartition("/")[2].lower()))


def _is_near(path: str, folder: str) -> bool:
    """Whether a page lies in that folder, or in its ``docs``."""
    own = path.rpartition("/")[0]
    return own == folder or own == f"{folder}/docs".removeprefix("/")
