"""target/newer-glibc-needed."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.fitting.advice import older_for_glibc
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity


@check("target/newer-glibc-needed", Severity.ERROR, reads=("glibc",))
def newer_glibc_needed(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
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
    for need in needs:
        if numbers(need.glibc)[:2] > have:
            package = need.package
            yield Problem(
                package.name,
                f"`{package.name}` {package.version} needs glibc {need.glibc}, and the target has "
                f"{host.glibc}",
                package.location,
                f"Take {older_for_glibc(need, host)}, or a target with glibc {need.glibc}.",
            )
