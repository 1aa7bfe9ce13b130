"""target/trial-other-version."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Package, Prefix
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.fitting.trials import imported, package_of
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_VERSION = lazy_pattern(
    r"(?P<release>\d{1,9}(?:\.\d{1,9}){0,5})(?P<post>(?:\.post\d{1,9})?)[^+]{0,40}"
    r"(?:\+(?P<local>[\w.]{1,64}))?"
)


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
        if package and _differ(package, version):
            yield Problem(
                about=name,
                message=f"`{package.name}` is {package.version} here, and the machine imported "
                f"{name} {version}",
                location=package.location,
                fix="Make the prefix from this lock, and try it again with probe --prefix.",
            )


def _differ(package: Package, version: str) -> bool:
    """Builds of one release have the same numbers; a local part counts where both have one.

    What conda-forge's torch says may have a post release that its package does not have.
    """
    have, want = _VERSION.match(version), _VERSION.match(package.version)
    if not have or not want:
        return False
    if package.manager != "conda" and have["post"] != want["post"]:
        return True
    local = have["local"] and want["local"] and have["local"] != want["local"]
    return _numbers(have["release"]) != _numbers(want["release"]) or bool(local)


def _numbers(release: str) -> list[int]:
    """The numbers of a release without zeros at its end."""
    found = [int(number) for number in release.split(".")]
    while found[-1:] == [0]:
        found.pop()
    return found
