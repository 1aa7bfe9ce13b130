"""target/newer-glibc-needed."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Prefix, Requirements
from conda_preflight.documents.stack import Need
from conda_preflight.fitting.advice import older_for_glibc
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity


@check("target/newer-glibc-needed", Severity.ERROR, reads=("glibc",))
def newer_glibc_needed(
    lock: Lock | Prefix | Requirements, stacks: Stacks, host: Host
) -> Iterator[Problem]:
    """A package needs a newer glibc than the target has, by what it says or was measured.

    conda's packages say it (`__glibc >=2.28`), wheels promise it by their tag
    (`manylinux_2_28`), and some need more than their tag says: vllm 0.11.2 needs 2.29, and
    bitsandbytes 0.45.5 needs 2.34 for CUDA 12.6 and 12.8. The import ends with "version
    `GLIBC_2.34' not found". In an installed environment, `target/glibc-too-old` reads what each
    library really needs.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch @ https://example.org/torch-2.7.1-cp311-cp311-manylinux_2_28_x86_64.whl
    ```

    ```toml preflight.toml
    targets = ["a100,glibc=2.17"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.7.1
    # pip bitsandbytes==0.45.5
    ```

    ```toml preflight.toml
    targets = ["a100,glibc=2.31"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch @ https://example.org/torch-2.7.1-cp311-cp311-manylinux_2_28_x86_64.whl
    ```

    ```toml preflight.toml
    targets = ["a100,glibc=2.28"]
    ```

    ## Fix

    Take an older version, a build of conda-forge (most need glibc 2.17 only), or a target, or a
    container image, with a newer glibc.
    """
    needs = [need for need in stacks.of(lock, host).needs if need.glibc]
    if not needs or host.os not in ("", "linux"):
        return
    if not host.glibc:
        raise Skip("the target does not say which glibc it has")
    have = numbers(host.glibc)[:2]
    failing = [need for need in needs if numbers(need.glibc)[:2] > have]
    conda = [need for need in failing if need.package.manager == "conda"]
    rest = [[need] for need in failing if need.package.manager != "conda"]
    for group in (*rest, sorted(conda, key=_rank)):
        if group:
            yield _problem(group, host)


def _rank(need: Need) -> tuple[bool, list[int]]:
    return (not need.framework, [-number for number in numbers(need.glibc)])


def _problem(group: list[Need], host: Host) -> Problem:
    """One wheel, or all packages of conda, which come from one or two channels."""
    package, glibc = group[0].package, max((need.glibc for need in group), key=numbers)
    title = f"`{package.name}` {package.version}".rstrip()
    more = f" and {len(group) - 1} more of conda's packages need" if group[2:] else ""
    more = more or (f" and `{group[1].package.name}` need" if group[1:] else " needs")
    return Problem(
        package.name,
        f"{title}{more} glibc {glibc}, and the target has {host.glibc}",
        package.location,
        f"Take {older_for_glibc(group[0], host)}, or a target with glibc {glibc}.",
    )
