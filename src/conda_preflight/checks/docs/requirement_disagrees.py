"""docs/requirement-disagrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Lock, Manifest, Project, Script, Source
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.grammar.told_requirement import ToldRequirement

_NAMES = {"python": "Python", "cuda": "CUDA"}


@check("docs/requirement-disagrees", Severity.WARNING)
def requirement_disagrees(script: Script, project: Project) -> Iterator[Problem]:
    """A README says in words that another Python or CUDA is needed than the environment has.

    Readers prepare their machines by it, and reviewers believe it. Only clear sentences count
    ("requires Python 3.8+") and items of a list that say nothing else ("- CUDA 11.8"); ranges,
    alternatives, conditions and what is told of older releases are left out. They are compared
    with the locks in the folder of the page, or with the Python that a manifest there pins.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.9]
    ```

    ```markdown README.md
    # Chatbot

    It requires Python 3.10+ and is installed with conda.
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11, pytorch]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    https://conda.example.org/conda-forge/linux-64/pytorch-2.6.0-cuda126_mkl_py311_h8bb5dc9_300.conda#00000000000000000000000000000000
    ```

    ```markdown README.md
    ### Requirements

    - Python >= 3.10
    - CUDA 11.8
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```markdown README.md
    It requires Python 3.8+ and supports Python 3.9 to 3.12. Python 3.7 is no longer supported.

    ### Requirements

    - Python 3.11
    - CUDA 11.8, if you train

    ### Changelog

    - Python 3.6
    ```

    ## Fix

    Write what the environment has, or let `conda-preflight docs` write it.
    """
    if script.kind != "readme":
        raise Skip("only pages for people are judged")
    if project.path != ".":
        raise Skip("only this file was audited")
    source = next((s for s in project.of(Source) if s.path == script.path), None)
    lower = source.text.lower() if source else ""
    if source is None or not ("python" in lower or "cuda" in lower):
        return
    from conda_preflight.grammar.told_requirement import told_requirements

    told = [*told_requirements(source.lines)]
    if told:
        yield from _disagreeing(told, script.path, project)


def _disagreeing(told: Sequence[ToldRequirement], path: str, project: Project) -> Iterator[Problem]:
    from conda_preflight.grammar.pip_constraint import contradicts

    held = _held(path.rpartition("/")[0], project)
    for one in told:
        have = held.get(one.technology, [])
        if have and all(contradicts(one.release, release) for release in have):
            name = _NAMES[one.technology]
            shown = " or ".join(dict.fromkeys(release.lstrip("=") for release in have))
            yield Problem(
                name,
                f"People are told that {one.written} is needed, and the environment has {shown}",
                Location(path, one.line, 1),
                f"Write that it is {name} {shown}, or let `conda-preflight docs` write it.",
            )


def _held(folder: str, project: Project) -> dict[str, list[str]]:
    """The releases in the locks of a folder, else the Python that its manifests pin."""
    locks = [lock for lock in project.of(Lock) if lock.path.rpartition("/")[0] == folder]
    if not locks:
        here = [m for m in project.of(Manifest) if m.path.rpartition("/")[0] == folder]
        pins = [[spec.version or "" for spec in manifest.named("python")] for manifest in here]
        return {"python": [pin for found in pins for pin in found]} if all(pins) else {}
    from conda_preflight.fitting.stack_cuda import stack_cuda
    from conda_preflight.fitting.stack_of import stack
    from conda_preflight.installation import of_lock

    places = [one for lock in locks for one in of_lock(lock)]
    cuda = [stack_cuda(stack(one)) for one in places]
    return {
        "python": [f"=={one.python}" for one in places if one.python],
        "cuda": [f"{version}.*" for version in cuda if version],
    }
