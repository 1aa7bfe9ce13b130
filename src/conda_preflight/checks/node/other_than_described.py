"""node/other-than-described."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import GPU, Host, Project
from conda_preflight.errors import Skip
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity


@check("node/other-than-described", Severity.ERROR)
def other_than_described(host: Host, project: Project) -> Iterator[Problem]:
    """The machine is not the one that its fact sheet describes.

    A probed machine is compared with the described target of its name, or else with the only one
    of its platform: number of GPUs, their capability or name and memory, driver, glibc, processor
    level, shared memory and limits. What is less than described is an error; what only differs is
    not told.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json", "planned.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "driver": "535.104.05", "glibc": "2.31", "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ], "node": {
      "nvml": "ok"
    }}
    ```

    ```json planned.json
    {"schema": "conda-preflight/host/1", "driver": "535.104.05", "glibc": "2.31", "shm_mib": 1024,
     "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json", "planned.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "driver": "525.105.17", "glibc": "2.31", "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ], "node": {
      "nvml": "ok"
    }}
    ```

    ```json planned.json
    {"schema": "conda-preflight/host/1", "driver": "535.104.05", "glibc": "2.31", "shm_mib": 1024,
     "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json", "planned.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "Tesla T4", "capability": "7.5", "memory_mib": 15360}
    ], "node": {
      "nvml": "ok"
    }}
    ```

    ```json planned.json
    {"schema": "conda-preflight/host/1", "driver": "535.104.05", "glibc": "2.31", "shm_mib": 1024,
     "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json", "planned.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "glibc": "2.28", "shm_mib": 64, "node": {
      "cpu.count": "8"
    }}
    ```

    ```json planned.json
    {"schema": "conda-preflight/host/1", "driver": "535.104.05", "glibc": "2.31", "shm_mib": 1024,
     "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ]}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json", "planned.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "driver": "550.54.15", "glibc": "2.35", "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ], "node": {
      "nvml": "ok"
    }}
    ```

    ```json planned.json
    {"schema": "conda-preflight/host/1", "driver": "535.104.05", "glibc": "2.31", "shm_mib": 1024,
     "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json", "planned.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "driver": "535.104.05", "node": {
      "cpu.count": "8"
    }}
    ```

    ```json planned.json
    {"schema": "conda-preflight/host/1", "driver": "535.104.05", "glibc": "2.31", "shm_mib": 1024,
     "gpus": [
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920},
      {"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}
    ]}
    ```

    ```toml preflight.toml
    targets = ["node.json", "planned.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA A100 80GB PCIe", "capability": "8.0", "memory_mib": 81037}
    ], "node": {
      "nvml": "ok"
    }}
    ```

    ```json planned.json
    {"schema": "conda-preflight/host/1",
     "gpus": [
      {"name": "A100"}
    ]}
    ```

    ## Fix

    Deploy to the machine that was meant, or correct the fact sheet: `conda-preflight probe
    --output FILE` writes it.
    """
    meant = _described(host, project)
    for about, message in (*_gpus(host, meant), *_versions(host, meant), *_sizes(host, meant)):
        yield Problem(
            about=about,
            message=f"{message}, by {meant.title}",
            location=host.location,
            fix="Take the machine that was meant, or correct the fact sheet.",
        )


def _described(host: Host, project: Project) -> Host:
    """The description that is meant, by name or else by platform; raises Skip for none or many."""
    others = [each for each in project.of(Host) if not each.node and not each.trials]
    named = [each for each in others if host.name and each.name == host.name]
    found = named or [each for each in others if each.subdir in ("", host.subdir)]
    if len(found) != 1:
        raise Skip("there is not one described target to compare it with")
    return found[0]


_NEARLY = 0.93
"""Of the memory that is sold, a driver keeps some for itself; a judgement."""
_ALWAYS = frozenset(("nvidia", "tesla", "geforce", "quadro"))
"""Words of a name that tell no GPU from another."""


def _gpus(host: Host, meant: Host) -> Iterator[tuple[str, str]]:
    """Fewer GPUs, or others: each compared with the one of its number."""
    if host.gpus is None or not meant.gpus:
        return
    if len(host.gpus) < len(meant.gpus):
        yield "GPUs", f"the machine has {len(host.gpus)} GPUs and should have {len(meant.gpus)}"
    told = set()
    for number, (own, wanted) in enumerate(zip(host.gpus, meant.gpus, strict=False)):
        what = _other(own, wanted)
        if what and what not in told:
            told.add(what)
            yield f"GPU {number}", f"GPU {number} {what}"


def _other(own: GPU, wanted: GPU) -> str:
    if own.capability and wanted.capability:
        if own.capability != wanted.capability:
            return f"has compute capability {own.capability} and should have {wanted.capability}"
    elif own.name and wanted.name and not _is_alike(own.name, wanted.name):
        return f"is {own.name} and should be {wanted.name}"
    if own.memory_mib and own.memory_mib < _NEARLY * wanted.memory_mib:
        return f"has {own.memory_mib} MiB of memory and should have {wanted.memory_mib}"
    return ""


def _is_alike(one: str, other: str) -> bool:
    """Whether all words of one name stand in the other."""
    first, second = ({*_words(name)} - _ALWAYS for name in (one, other))
    return first <= second or second <= first


def _words(name: str) -> list[str]:
    return lazy_pattern(r"[a-z0-9]+").findall(name.lower())


def _versions(host: Host, meant: Host) -> Iterator[tuple[str, str]]:
    for name in ("driver", "cuda", "glibc", "kernel"):
        own, wanted = getattr(host, name), getattr(meant, name)
        if own and wanted and _numbers(own) < _numbers(wanted):
            yield name, f"{name} is {own} and should be {wanted}"
    if host.archspec and meant.archspec and host.archspec < meant.archspec:
        yield "processor", f"the processor is {host.archspec} and should be {meant.archspec}"


def _numbers(version: str) -> list[int]:
    return [int(digits) for digits in lazy_pattern(r"\d{1,9}").findall(version)[:3]]


def _sizes(host: Host, meant: Host) -> Iterator[tuple[str, str]]:
    for name, title, unit in (
        ("shm_mib", "shared memory", "MiB"),
        ("memlock_kib", "locked memory", "KiB"),
    ):
        own, wanted = getattr(host, name), getattr(meant, name)
        if own is not None and wanted is not None and own < wanted:
            yield title, f"{title} is {own} {unit} and should be {wanted}"
