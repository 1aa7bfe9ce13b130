"""manifest/two-frameworks."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirements
from conda_preflight.facts.frameworks import FRAMEWORKS
from conda_preflight.grammar.asked import asked
from conda_preflight.report import Problem, Severity


@check("manifest/two-frameworks", Severity.NOTE)
def two_frameworks(doc: Manifest | Requirements) -> Iterator[Problem]:
    """Two deep-learning frameworks share one environment.

    Each is built for one CUDA and one cuDNN, and few pairs of releases agree on both. Two of
    them make the environment large, keep the solver from newer releases, and bring a second
    set of GPU libraries into one process.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - pytorch=2.4
      - pip:
          - tensorflow==2.17.0
    ```

    ```text requirements.txt
    torch==2.4.0
    jax[cuda12]==0.4.35
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - pytorch=2.4
      - torchvision=0.19
      - tensorboard
    ```

    ```text requirements.txt
    jax==0.4.35
    jaxlib==0.4.35
    ```

    ## Fix

    Give each framework an environment of its own, and hand data over in files or by a service.
    """
    found = {name: asked(doc, *names)[:1] for name, names in FRAMEWORKS.items()}
    there = [name for name, lines in found.items() if lines]
    if len(there) > 1:
        listed = ", ".join(f"`{found[name][0].text}`" for name in there)
        yield Problem(
            "frameworks",
            f"One environment holds {len(there)} frameworks: {listed}",
            found[there[1]][0].location,
            "Make one environment for each framework.",
        )
