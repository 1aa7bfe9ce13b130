"""docs/other-version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest, Project, Script
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.grammar.told_version import ToldVersion


@check("docs/other-version", Severity.WARNING)
def other_version(script: Script, project: Project) -> Iterator[Problem]:
    """A README installs another release of a package than the lock holds.

    Whoever follows it has another environment than the one that was tried, or overwrites a part
    of it. Compared are exact releases on the command lines of conda and pip with every lock of
    the project, or with the pins of its manifests where nothing is locked. What some lock holds,
    and a package of which the page names a fitting release too, is not told. Where the page makes
    no environment from a file of the project it is a note, since it may describe another way.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11, transformers=4.57]
    ```

    ````markdown README.md
    ```bash
    conda env create -f environment.yml
    conda activate chatbot_infer_prod
    pip install transformers==4.40.0
    ```
    ````

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ````markdown README.md
    ```bash
    conda create -n chat python=3.8
    conda activate chat
    ```
    ````

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11, transformers=4.57]
    ```

    ````markdown README.md
    ```bash
    conda env create -f environment.yml
    pip install transformers==4.57.6 "accelerate==1.3.0"
    pip install "transformers>=4.0" torch==$TORCH
    ```
    ````

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11, transformers]
    ```

    ````markdown README.md
    ```bash
    # for an old GPU, else leave the version away
    pip install transformers==4.40.0
    conda create -n other python=3.11.9
    ```
    ````

    ## Fix

    Write the release that is locked, or leave the line out and let the lock install it.
    """
    if script.kind != "readme":
        raise Skip("only pages for people are judged")
    if project.path != ".":
        raise Skip("only this file was audited")
    installs = [found for command in script.commands if (found := install_of(command))]
    if any(install.names for install in installs):
        yield from _other(installs, project)


def _other(installs: Sequence[Install], project: Project) -> Iterator[Problem]:
    from conda_preflight.grammar.told_version import held_releases, told_by_name

    held, told = held_releases(project), told_by_name(installs)
    if any(_is_judged_elsewhere(install, project) for install in installs):
        told.pop("python", None)
    makes = any(install.action == "create" and install.files for install in installs)
    for name, ones in told.items():
        releases = held.get(name, set())
        if releases and all(one.release for one in ones) and not _fits(ones, releases):
            have = " or ".join(sorted(release.lstrip("=") for release in releases)[:3])
            yield Problem(
                name,
                f"People are told to install `{ones[0].written}`, and the project has {have}",
                ones[0].location,
                "Write the release that the project has, or leave it to the lock.",
                None if makes else Severity.NOTE,
            )


def _fits(ones: Sequence[ToldVersion], releases: Iterable[str]) -> bool:
    from conda_preflight.grammar.pip_constraint import contradicts

    held = list(releases)
    return any(not contradicts(one.release, release) for one in ones for release in held)


def _is_judged_elsewhere(install: Install, project: Project) -> bool:
    """Whether joint/python-disagrees judges its Python: of an environment with a manifest."""
    names = {manifest.name.text for manifest in project.of(Manifest) if manifest.name}
    return bool(install.files) or install.env in names
