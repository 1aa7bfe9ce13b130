"""target/trial-other-version."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Package, Prefix
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.fitting.trials import differ, imported, package_of
from conda_preflight.report import Problem, Severity


@check("target/trial-other-version", Severity.ERROR, reads=("trials",))
def trial_other_version(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """What was imported on the machine is another version than the lock or the prefix has.

    Then something else was tried than what was locked: the prefix was changed after it was
    made, another prefix was named, or Python finds the framework in another place first. All
    that the lock promises is then said of something that does not run.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.0
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.1.2+cu121"}}
    ]}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.1.2+cu118
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.1.2+cu121"}}
    ]}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip vllm==0.6.3.post1
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "vllm.import", "status": "passed",
       "facts": {"version": "0.6.3"}}
    ]}
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.0
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.4.0+cu121"}}
    ]}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.5.1-cuda126_py311_h1.conda#0123456789abcdef0123456789abcdef
    # pip jax==0.4.30
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "trials": [
      {"step": "torch.import", "status": "passed",
       "facts": {"version": "2.5.1.post303"}},
      {"step": "jax.import", "status": "not-installed"}
    ]}
    ```

    ## Fix

    Make the prefix from the lock again (`conda-preflight rebuild`), and name that prefix to
    `probe --prefix`. Where `target/trial-outside-module` tells a place outside of the prefix,
    that is the cause.
    """
    stack = stacks.of(lock, host)
    for name, told in imported(host):
        package = package_of(name, stack)
        version = told.get("version", "")
        if package and differ(package.version, version, exact=_is_wheel(package)):
            yield Problem(
                about=name,
                message=f"`{package.name}` is {package.version} here, and the machine imported "
                f"{name} {version}",
                location=package.location,
                fix="Make the prefix from this lock, and try it again with probe --prefix.",
            )


def _is_wheel(package: Package) -> bool:
    """What a wheel says of itself is exact; what conda's package imports as may have a post."""
    return package.manager != "conda"
