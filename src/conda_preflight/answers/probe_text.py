"""What a probe read, for a person: a few lines, the whole stands in the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conda_preflight.documents import Host, Trial
from conda_preflight.documents.host import UNLIMITED
from conda_preflight.language import say, word
from conda_preflight.writers.escaping import visible
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.wording import listed

_UNKNOWN = "unknown"
_STATUS = len("not-installed")


def write(host: Host) -> str:
    """One fact a line, each after its name."""
    rows = [(word(title), visible(text)) for title, text in _rows(host)]
    width = max(cells(title) for title, _ in rows)
    return "".join(_padded(title, width) + f"  {text}\n" for title, text in rows)


def line(trial: Trial) -> str:
    """One trial a line: what became of it, its step, and what it says."""
    said = f"  {visible(trial.detail)}" if trial.detail else ""
    return _padded(word(trial.status), _STATUS) + f"  {visible(trial.step)}{said}\n"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def _rows(host: Host) -> Iterator[tuple[str, str]]:
    node = dict(host.node)
    yield "system", _joined(host.os, host.arch, node.get("os.release", ""))
    yield "kernel", host.kernel or word(_UNKNOWN)
    yield "glibc", host.glibc or word(_UNKNOWN)
    yield "processor", _joined(host.archspec, node.get("cpu.count", ""), word("CPUs"))
    yield "memory", f"{node.get('cgroup.memory_mib') or node.get('memory.total_mib', '?')} MiB"
    yield "/dev/shm", word(_UNKNOWN) if host.shm_mib is None else f"{host.shm_mib} MiB"  # noqa: S108
    yield "locked memory", _locked(host.memlock_kib)
    yield "container", node.get("container.kind", word(_UNKNOWN))
    yield (
        "driver",
        _joined(host.driver, f"(CUDA {host.cuda})" if host.cuda else "") or word(_UNKNOWN),
    )
    yield "GPUs", _gpus(host)
    yield "NVML", node.get("nvml", word("not asked"))
    yield "cuInit", node.get("cuda.init", word("not asked"))
    yield "facts", say("{count} more in the sheet", count=len(host.node))
    if host.trials:
        counts = Counter(trial.status for trial in host.trials)
        yield "trials", listed(f"{number} {word(status)}" for status, number in counts.items())


def _gpus(host: Host) -> str:
    if host.gpus is None:
        return word(_UNKNOWN)
    counts = Counter(
        _joined(
            gpu.name or "GPU", gpu.capability, f"{gpu.memory_mib} MiB" if gpu.memory_mib else ""
        )
        for gpu in host.gpus
    )
    return listed(f"{count} x {name}" for name, count in counts.items()) or word("none")


def _locked(kib: int | None) -> str:
    if kib is None:
        return word(_UNKNOWN)
    return word("unlimited") if kib == UNLIMITED else f"{kib} KiB"


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))
