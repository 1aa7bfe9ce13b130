"""target/trial-other-cuda."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.documents.stack import Need
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.fitting.trials import imported, package_of
from conda_preflight.report import Problem, Severity

_TITLES = {"cuda": "CUDA", "cpu": "the CPU"}


@check("target/trial-other-cuda", Severity.ERROR, reads=("trials",))
def trial_other_cuda(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """A framework says another CUDA than its package in the lock or the prefix is built for.

    The lock was judged for one build, and the machine imported another one: a build for the
    CPU in place of one for CUDA, or one of another CUDA that needs another driver.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.0+cu121
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.4.0+cpu", "build": "cpu"}}
    ]}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.0+cu121
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.4.0", "build": "cuda", "cuda": "11.8"}}
    ]}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.0+cpu
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.4.0", "build": "cuda", "cuda": "12.1"}}
    ]}
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.0+cu121
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.4.0+cu121", "build": "cuda", "cuda": "12.1"}}
    ]}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.0+cpu
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.4.0+cpu", "build": "cpu"}}
    ]}
    ```

    ## Fix

    Make the prefix from the lock again, and try it with `probe --prefix`. Where the machine is
    right, lock the build that runs there.
    """
    stack = stacks.of(lock, host)
    needs = {need.package: need for need in stack.needs}
    for name, told in imported(host):
        package = package_of(name, stack)
        need = needs.get(package) if package else None
        found = _told(need, told) if need else ""
        if need and found:
            yield Problem(
                about=name,
                message=f"`{need.package.name}` {need.package.version} is {_said(need)} here, "
                f"and what the machine imported is {found}",
                location=need.package.location,
                fix="Make the prefix from this lock, and try it again with probe --prefix.",
            )


def _told(need: Need, told: dict[str, str]) -> str:
    """What the machine has instead, empty where it agrees or does not say."""
    build, cuda = told.get("build", ""), told.get("cuda", "")
    if need.flavour in ("cuda", "cpu") and build in ("cuda", "cpu") and build != need.flavour:
        return f"built for {_TITLES[build]}"
    wanted, have = numbers(need.cuda)[:2], numbers(cuda)[:2]
    common = min(len(wanted), len(have))
    return f"built with CUDA {cuda}" if wanted[:common] != have[:common] else ""


def _said(need: Need) -> str:
    return f"built with CUDA {need.cuda}" if need.cuda else f"built for {_TITLES[need.flavour]}"
