"""docs/other-version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Lock, Manifest, Project, Script
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.grammar.told_version import ToldVersion


@check("docs/other-version", Severity.WARNING)
def other_version(script: Dockerfile | Script, project: Project) -> Iterator[Problem]:
    """A README, a Dockerfile or a CI file installs another release than the lock holds.

    Whoever follows it has another environment than the one that was tried, or overwrites a part
    of it. Compared are exact releases on the command lines of conda and pip with every lock of
    the project, or with the pins of its manifests where nothing is locked. What some lock holds,
    and a package of which the page names a fitting release too, is not told. Where a page makes
    no environment from a file of the project it is a note, since it may describe another way. In
    images, CI files and scripts only what is added to an environment counts that was made from
    the lock or the manifest before, in the same image or job.

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

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11, pytorch=2.6]
    ```

    ```dockerfile Dockerfile
    FROM mambaorg/micromamba:2.3.2
    COPY environment.yml /tmp/
    RUN micromamba install -y -n base -f /tmp/environment.yml
    RUN micromamba run -n base pip install torch==2.1.0
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11, pytorch=2.6]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      oldest:
        steps:
          - run: pip install torch==2.1.0
      test:
        steps:
          - run: conda env create -f environment.yml
          - run: conda run -n chatbot_infer_prod pip install torch==2.6.0
    ```

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
    if project.path != ".":
        raise Skip("only this file was audited")
    if isinstance(script, Script) and script.kind == "readme":
        installs = [found for command in script.commands if (found := install_of(command))]
        if any(install.names for install in installs):
            yield from _on_page(installs, project)
    elif any(install.names for command in script.commands if (install := install_of(command))):
        yield from _over(script, project)


def _on_page(installs: Sequence[Install], project: Project) -> Iterator[Problem]:
    from conda_preflight.grammar.told_version import held_releases, told_by_name

    told = told_by_name(installs)
    held = held_releases(project.of(Lock), project.of(Manifest))
    if any(_is_judged_elsewhere(install, project) for install in installs):
        told.pop("python", None)
    makes = any(install.action == "create" and install.files for install in installs)
    for ones, have in _other(told, held):
        message = f"People are told to install `{ones[0].written}`, and the project has {have}"
        yield _problem(ones[0], message, None if makes else Severity.NOTE)


def _over(script: Dockerfile | Script, project: Project) -> Iterator[Problem]:
    """What is put over an environment that was made from a lock or a manifest."""
    from conda_preflight.grammar.added_over import added
    from conda_preflight.grammar.told_version import held_releases, told_by_name
    from conda_preflight.grammar.written_file import files_of

    files = files_of(project)
    for install, base in added(script, files):
        locks = base.locks or [x for m in base.manifests for x in files.locks_of(m)]
        held = held_releases(locks, base.manifests)
        for ones, have in _other(told_by_name([install]), held):
            what = f"`{ones[0].written}` is installed over the environment, which has {have}"
            yield _problem(ones[0], what)


def _other(
    told: Mapping[str, Sequence[ToldVersion]], held: Mapping[str, set[str]]
) -> Iterator[tuple[Sequence[ToldVersion], str]]:
    """The packages of which no release that is told is one that is held, and what is."""
    for name, ones in told.items():
        releases = held.get(name, set())
        if releases and all(one.release for one in ones) and not _fits(ones, releases):
            yield ones, " or ".join(sorted(release.lstrip("=") for release in releases)[:3])


def _problem(told: ToldVersion, message: str, severity: Severity | None = None) -> Problem:
    fix = "Write the release that the project has, or leave it to the lock."
    return Problem(told.name, message, told.location, fix, severity)


def _fits(ones: Sequence[ToldVersion], releases: Iterable[str]) -> bool:
    from conda_preflight.grammar.pip_constraint import contradicts

    held = list(releases)
    return any(not contradicts(one.release, release) for one in ones for release in held)


def _is_judged_elsewhere(install: Install, project: Project) -> bool:
    """Whether joint/python-disagrees judges its Python: of an environment with a manifest."""
    names = {manifest.name.text for manifest in project.of(Manifest) if manifest.name}
    return bool(install.files) or install.env in names
