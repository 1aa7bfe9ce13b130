"""target/refused-stack."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity

_EXECUTABLE = {"ctranslate2": "<4.6"}
_REFUSED_SINCE = (2, 41)


@check("target/refused-stack", Severity.ERROR, reads=("glibc",))
def refused_stack(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """A library wants an executable stack, which the glibc of the target refuses.

    Since 2.41 glibc does not load such a library: "cannot enable executable stack as shared
    object requires". Wheels of ctranslate2 up to 4.5 are marked so (OpenNMT/CTranslate2 issue
    1849). In an installed environment `prefix/executable-stack` reads the mark itself.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip ctranslate2==4.5.0
    ```

    ```toml preflight.toml
    targets = ["a100,glibc=2.41"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip ctranslate2==4.5.0
    ```

    ```toml preflight.toml
    targets = ["a100,glibc=2.39"]
    ```

    ## Fix

    Take a later version, or set `GLIBC_TUNABLES=glibc.rtld.execstack=2` on the target.
    """
    found = [p for p in stacks.of(lock, host).named(*_EXECUTABLE) if p.manager != "conda"]
    if found and not host.glibc:
        raise Skip("the target does not say which glibc it has")
    for package in found:
        old = _EXECUTABLE[package.name]
        if numbers(host.glibc)[:2] >= _REFUSED_SINCE and matches(old, package.version):
            yield Problem(
                package.name,
                f"`{package.name}` {package.version} wants an executable stack, which glibc "
                f"{host.glibc} refuses",
                package.location,
                f"Take {package.name} {old[1:]} or later, or set "
                "`GLIBC_TUNABLES=glibc.rtld.execstack=2`.",
            )
