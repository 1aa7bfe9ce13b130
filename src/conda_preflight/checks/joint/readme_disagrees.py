"""joint/readme-disagrees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Project, Script
from conda_preflight.grammar.all_environments import made_anywhere
from conda_preflight.grammar.environment_name import is_template
from conda_preflight.grammar.environment_use import BASE, Environments, Made, Used, in_script
from conda_preflight.grammar.written_file import (
    Files,
    base,
    files_of,
    is_plain,
    looks_like_manifest,
    some,
)
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_PLACEHOLDER = lazy_pattern(
    r"(?:my|your|the|some)[-_ .]?\w*|env(?:ironment)?(?:[-_.]?name)?|myenv|name|test|foo|xxx+"
    r"|\w*[-_.]?name[-_.]here",
    re.IGNORECASE,
)


@check("joint/readme-disagrees", Severity.WARNING)
def readme_disagrees(script: Script, project: Project) -> Iterator[Problem]:
    """The README tells people to make or activate an environment that the manifest is not.

    Whoever follows it stops at "no such file" or at an environment that cannot be found, and
    helps himself with packages that nobody pinned. Where the page makes its environments without
    a manifest and then works in one that nothing here makes, it is a note. A name that the README
    itself gives (`-n NAME`), placeholders, and pages that clone several projects are not judged.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ````markdown README.md
    ```bash
    conda env create -f environment-gpu.yml
    ```
    ````

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ````markdown README.md
    ```bash
    conda env create -f environment.yml
    conda activate chatbot
    ```
    ````

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ````markdown README.md
    ```bash
    git clone https://git.example.org/chatbot && cd chatbot
    conda env create -f environment.yml
    conda activate chatbot_infer_prod
    conda env create -n mine -f environment.yml && conda activate mine
    conda activate base
    ```
    ````

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ````markdown README.md
    ```bash
    conda env create -f <your-file>.yml
    conda activate <name>
    conda activate your_env
    ```
    ````

    ## Fix

    Write in the README the file that is there and the name that it has.
    """
    if script.kind != "readme":
        raise Skip("only pages for people are judged")
    if project.path != ".":
        raise Skip("only this file was audited")
    files = files_of(project)
    if not files.environment_names:
        raise Skip("no manifest here names an environment")
    if files.text(script.path).count("git clone") > 1:
        raise Skip("the page speaks of several projects")
    found = in_script(script)
    yield from _files(found, files)
    yield from _names(found, files, made_anywhere(project))


def _files(found: Environments, files: Files) -> Iterator[Problem]:
    """The manifests that are not there, each once."""
    named = {file: made for made in reversed(found.made) for file in made.files}
    for file, made in named.items():
        if is_plain(file) and looks_like_manifest(file) and not files.paths.has_name(file):
            yield _no_file(file, made, files)


def _no_file(file: str, made: Made, files: Files) -> Problem:
    return Problem(
        base(file),
        f"People are told to use {file}, and no file of that name is in the project",
        made.location,
        f"The project has {some(files.manifest_paths)}.",
    )


def _names(found: Environments, files: Files, made: frozenset[str]) -> Iterator[Problem]:
    """The names that nobody gives, where the page makes environments: from a manifest or not."""
    unknown = not all(one.known for one in found.made)
    if not found.made or unknown or found.opaque:
        return
    from_manifest = any(one.files for one in found.made)
    own = {one.name for one in found.made}
    given = own | BASE | (files.environment_names if from_manifest else made)
    strange = {used.name: used for used in reversed(found.used) if used.name not in given}
    for used in strange.values():
        if not _is_placeholder(used.name, files):
            if from_manifest:
                yield _no_name(used, files)
            else:
                yield _other_name(used, own)


def _other_name(used: Used, made: set[str]) -> Problem:
    return Problem(
        used.name,
        f"People are told to work in {used.name}, which nothing here makes: "
        f"this page makes {some(sorted(made))}",
        used.location,
        "Write the name that is made.",
        Severity.NOTE,
    )


def _is_placeholder(name: str, files: Files) -> bool:
    shouts = name.isupper() and not any(map(str.isupper, files.environment_names))
    return is_template(name) or bool(_PLACEHOLDER.fullmatch(name)) or shouts


def _no_name(used: Used, files: Files) -> Problem:
    names = sorted(files.environment_names)
    fix = f"Write `conda activate {names[0]}`." if len(names) == 1 else "Write one of these names."
    return Problem(
        used.name,
        f"People are told to work in {used.name}, and the manifest makes {some(names)}",
        used.location,
        fix,
    )
