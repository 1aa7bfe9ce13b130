"""A fact sheet as the JSON text that the reader of targets reads back."""

from __future__ import annotations

import json

from conda_preflight.documents import GPU, Host, Trial
from conda_preflight.documents.host import HOST_SCHEMA, UNLIMITED

_PLAIN = ("os", "arch", "archspec", "glibc", "kernel", "driver", "cuda", "container")
_NUMBERS = ("shm_mib", "memlock_kib")


def write(host: Host) -> str:
    """The sheet without what is unknown; the same host gives the same bytes."""
    sheet: dict[str, object] = {"schema": HOST_SCHEMA}
    if host.name:
        sheet["name"] = host.name
    sheet |= {key: text for key in _PLAIN if (text := getattr(host, key))}
    if host.gpus is not None:
        sheet["gpus"] = [_gpu(gpu) for gpu in host.gpus]
    for key in _NUMBERS:
        if (number := getattr(host, key)) is not None:
            sheet[key] = "unlimited" if number == UNLIMITED else number
    if host.node:
        sheet["node"] = dict(host.node)
    if host.trials:
        sheet["trials"] = [_trial(trial) for trial in host.trials]
    return json.dumps(sheet, indent=2, ensure_ascii=False) + "\n"


def _gpu(gpu: GPU) -> dict[str, object]:
    found: dict[str, object] = {"name": gpu.name} if gpu.name else {}
    if gpu.capability:
        found["capability"] = gpu.capability
    if gpu.memory_mib:
        found["memory_mib"] = gpu.memory_mib
    return found


def _trial(trial: Trial) -> dict[str, object]:
    found: dict[str, object] = {"step": trial.step, "status": trial.status}
    if trial.detail:
        found["detail"] = trial.detail
    if trial.facts:
        found["facts"] = dict(trial.facts)
    return found
