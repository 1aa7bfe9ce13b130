"""target/gpu-beyond-driver."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Project
from conda_preflight.fitting.machine import nvidia_cards
from conda_preflight.fitting.toolkit import last_branch
from conda_preflight.report import Problem, Severity


@check("target/gpu-beyond-driver", Severity.ERROR, reads=("gpus", "driver"))
def gpu_beyond_driver(_: Project, host: Host) -> Iterator[Problem]:
    """The driver of the target does not serve its GPU any more.

    R580 is the last branch for Maxwell, Pascal and Volta (V100), and R470 for Kepler (K80).
    A later driver does not see the GPU. Source: NVIDIA's matrix of toolkits, drivers and
    architectures.

    ## Fails

    ```toml preflight.toml
    targets = ["v100,driver=590.48.01"]
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["v100,driver=580.95.05"]
    ```

    ## Fix

    Stay on the last branch that serves the GPU, or take another machine.
    """
    if not host.driver:
        raise Skip("the target does not say its driver")
    branch = host.driver.partition(".")[0]
    for card in nvidia_cards(host):
        last = last_branch(card.capability)
        if last and branch.isdecimal() and int(branch) > last:
            yield Problem(
                card.name,
                f"Driver {host.driver} does not serve {card.title}: R{last} is the last that does",
                host.location,
                f"Install a driver of branch R{last}.",
            )
