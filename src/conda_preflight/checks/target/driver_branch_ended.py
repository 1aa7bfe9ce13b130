"""target/driver-branch-ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Project
from conda_preflight.fitting.driver import branch_end
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from datetime import date


@check("target/driver-branch-ended", Severity.WARNING, reads=("driver",))
def driver_branch_ended(_: Project, today: date, host: Host) -> Iterator[Problem]:
    """The driver of the target is of a branch that gets no more fixes.

    NVIDIA maintains each branch for a stated time, the long ones (LTSB) for three years: R535
    until June 2026, R580 until June 2028. Afterwards faults and security holes stay, and packages
    of forward compatibility are not tested with it. Source: NVIDIA's page of supported drivers.

    ## Fails

    ```toml preflight.toml
    targets = ["a100,driver=535.129.03"]
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["a100,driver=580.95.05"]
    ```

    ## Fix

    Install a driver of a branch that is maintained, R580 for example.
    """
    if not host.driver:
        raise Skip("the target does not say its driver")
    end = branch_end(host.driver)
    if end and end < today.isoformat()[: len(end)]:
        branch = f"R{host.driver.partition('.')[0]}"
        yield Problem(
            branch,
            f"Driver {host.driver} is of branch {branch}, which NVIDIA maintained until {end}",
            host.location,
            "Install a driver of a branch that is maintained, such as R580.",
        )
