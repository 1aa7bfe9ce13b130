"""manifest/torch-at-build."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirement, Requirements
from conda_preflight.facts.build_requirements import (
    NEEDS_TORCH,
    PIP_ALWAYS_ISOLATES,
    WHEEL_PAGES,
    Build,
)
from conda_preflight.facts.names import projects_of
from conda_preflight.grammar.pip_constraint import contradicts, to_conda
from conda_preflight.report import Problem, Severity

_NO_WHEEL = ("name", "vcs", "url")


@check("manifest/torch-at-build", Severity.ERROR)
def torch_at_build(doc: Manifest | Requirements) -> Iterator[Problem]:
    """Pip must build a package that imports torch while it is built, and torch is not there yet.

    flash-attn, mamba-ssm, causal-conv1d and the torch-scatter family have no wheels on the
    public index. pip builds everything in a section before it installs any of it, so a torch
    in the same section comes too late: the installation ends with "No module named 'torch'".

    A torch from conda is there in time, and then it depends on pip: since 25.3 every build is
    isolated and does not see the environment, before that only some were. So this is a
    warning, and nothing is said when an older pip is pinned. Releases that ask for torch
    themselves are built against the newest torch instead of yours, and fail when they are
    imported; that is a warning too. In a requirements file, which may be installed in a second
    step, and for a repository, whose state is not known, all this is a warning.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - torch==2.4.1
          - flash-attn==2.6.3
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pytorch=2.4.1
      - pip
      - pip:
          - mamba-ssm==1.2.0
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - torch==2.4.1
          - git+https://github.com/facebookresearch/detectron2.git
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pytorch=2.4.1
      - flash-attn=2.6.3
      - pip=24.2
      - pip:
          - torch-scatter==2.1.2
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pip
      - pip:
          - torch==2.4.1
          - --find-links https://data.pyg.org/whl/torch-2.4.0+cu124.html
          - torch-scatter==2.1.2
          - flash-attn @ https://example.org/flash_attn-2.6.3-cp311-cp311-linux_x86_64.whl
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.9
      - pip
      - pip:
          - --find-links https://pytorch-geometric.com/whl/torch-1.13.0+cu117.html
          - torch==1.13.1+cu117
          - torch-sparse==0.6.16+pt113cu117
    ```

    ## Fix

    Take the package that is built already from conda, beside conda's `pytorch`, or name the
    URL of a wheel. Else install it in a second step, with `pip install --no-build-isolation`.
    """
    brought = _torch_from_conda(doc)
    if brought and _has_old_pip(doc):
        return
    pages = any(
        req.option == "--find-links" and any(page in req.value for page in WHEEL_PAGES)
        for req in doc.pip
    )
    for req in doc.pip:
        name = _builds(req)
        if name and not (pages and name.startswith("torch-")):
            yield _problem(req, name, brought=brought, second_step=isinstance(doc, Requirements))


def _torch_from_conda(doc: Manifest | Requirements) -> bool:
    specs = doc.specs if isinstance(doc, Manifest) else ()
    return any("torch" in projects_of(spec.name) for spec in specs if spec.name)


def _has_old_pip(doc: Manifest | Requirements) -> bool:
    """Whether the pip that is asked for is older than the one that isolates every build."""
    pips = doc.named("pip") if isinstance(doc, Manifest) else ()
    wanted = (spec.version for spec in pips if spec.version)
    return any(contradicts(text, f">={PIP_ALWAYS_ISOLATES}") for text in wanted)


def _builds(req: Requirement) -> str:
    """The project that pip would build for this line, empty where it needs no torch."""
    if req.error or req.kind not in _NO_WHEEL or req.url.partition("#")[0].endswith(".whl"):
        return ""
    if req.kind == "name":
        return req.name if req.name in NEEDS_TORCH and req.name != "apex" else ""
    url = req.url.lower()
    return next((n for n, build in NEEDS_TORCH.items() if build.repository in url), "")


def _problem(req: Requirement, name: str, *, brought: bool, second_step: bool) -> Problem:
    build = NEEDS_TORCH[name]
    if _asks_itself(req, build):
        message = f"`{name}` is built against the newest torch, which need not be yours"
        sure = False
    elif brought:
        message = f"`{name}` imports torch while pip builds it, and pip hides conda's from a build"
        sure = False
    else:
        message = f"`{name}` imports torch while pip builds it, before any torch is installed"
        sure = req.kind == "name" and not second_step
    return Problem(
        name,
        message,
        req.location,
        f"Ask conda for `{build.conda}` beside `pytorch`, or install it in a second step with "
        f"`pip install --no-build-isolation {name}`.",
        Severity.ERROR if sure else Severity.WARNING,
    )


def _asks_itself(req: Requirement, build: Build) -> bool:
    """Whether pip may choose a release that lists torch; it chooses the newest it may."""
    if not build.lists_torch or req.kind != "name":
        return False
    return not contradicts(to_conda(req.specifier), f">={build.lists_torch}")
