"""What NVIDIA's management library says of a machine and of each GPU.

Source: https://docs.nvidia.com/deploy/nvml-api/, through the names of ``nvidia-ml-py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from conda_preflight.documents import GPU
from conda_preflight.probing.machine import Fact

_UNCORRECTED, _SINCE_START, _EVER = 1, 0, 1
_DOUBLE_BIT = 1
_RECOVERY_FIELD = 230
_MODES = {0: "default", 1: "exclusive", 2: "prohibited", 3: "exclusive"}
_FABRIC = {0: "not supported", 1: "not started", 2: "in progress", 3: "completed"}
_RECOVERY = {
    0: "none",
    1: "reset the GPU",
    2: "reboot the node",
    3: "drain transfers between GPUs",
    4: "drain and reset the GPU",
    5: "recover the IMEX domain",
    6: "reset the bus",
    7: "reboot the system",
}
_MINOR = frozenset((2, 3, 4, 6, 7, 13, 21, 22, 25, 26))
"""Codes that say that a question cannot be answered here, and nothing about the GPU."""
_MAX_GPUS = 128
_MAX_LINKS = 18
_MAX_INSTANCES = 7


class NVML(Protocol):
    """The functions of ``pynvml`` that are used; each raises an error with a number ``value``."""

    def nvmlInit(self) -> None:  # noqa: N802
        """Connect to the driver; the others are looked up by name, since old ones lack some."""


def facts(nvml: NVML) -> Iterator[Fact]:
    """``nvml`` (``ok``, or why not), ``nvml.code``, ``nvml.driver``, ``nvml.cuda``, ``gpu.N.*``.

    What a driver or a GPU does not support is left out. Each fact comes as soon as it is known.
    """
    try:
        nvml.nvmlInit()
    except Exception as error:  # noqa: BLE001  (the module makes its classes at run time)
        yield from _refused(error)
        return
    yield "nvml", "ok"
    try:
        yield from _system(nvml)
    except _Lost as error:
        yield "nvml", str(error)


def _system(nvml: NVML) -> Iterator[Fact]:
    ask = _Questions(nvml)
    if driver := ask("nvmlSystemGetDriverVersion"):
        yield "nvml.driver", str(driver)
    if cuda := ask("nvmlSystemGetCudaDriverVersion_v2"):
        yield "nvml.cuda", f"{int(cuda) // 1000}.{int(cuda) % 1000 // 10}"
    count = ask("nvmlDeviceGetCount")
    if count is not None:
        yield "nvml.gpus", str(min(int(count), _MAX_GPUS))
        for number in range(min(int(count), _MAX_GPUS)):
            yield from ((f"gpu.{number}.{name}", text) for name, text in _gpu(nvml, number))


def gpus(found: dict[str, str]) -> tuple[GPU, ...] | None:
    """The GPUs that these facts describe, None where NVML did not count them."""
    count = found.get("nvml.gpus", "")
    return tuple(_described(found, n) for n in range(int(count))) if count.isdecimal() else None


def _described(found: dict[str, str], number: int) -> GPU:
    at = f"gpu.{number}"
    memory = found.get(f"{at}.memory_mib", "")
    name = found.get(f"{at}.name", "")[:256]
    return GPU(name, found.get(f"{at}.capability", ""), int(memory or 0))


def _refused(error: Exception) -> Iterator[Fact]:
    code = _code(error)
    missing = "not found: libnvidia-ml.so.1"
    yield "nvml", missing if code == _LIBRARY_NOT_FOUND else str(error) or type(error).__name__
    if code is not None:
        yield "nvml.code", str(code)


_LIBRARY_NOT_FOUND = 12


def _code(error: Exception) -> int | None:
    value = getattr(error, "value", None)
    return value if isinstance(value, int) else None


class _Lost(Exception):  # noqa: N818
    """A GPU that answers no more."""


class _Questions:
    """Asks by name; None where there is no answer to it here."""

    def __init__(self, nvml: NVML) -> None:
        self._nvml = nvml

    def __call__(self, name: str, *given: object) -> Any:  # noqa: ANN401
        """The answer; raises _Lost where the error is about the GPU itself."""
        try:
            return getattr(self._nvml, name)(*given)
        except UnicodeDecodeError as error:
            return error.object.decode("utf-8", "replace")
        except Exception as error:  # noqa: BLE001
            code = _code(error)
            if code is None or code in _MINOR:
                return None
            raise _Lost(f"{error} ({code})") from None


def _gpu(nvml: NVML, number: int) -> Iterator[Fact]:
    """Everything about one GPU, up to the first error that is about the GPU itself."""
    ask = _Questions(nvml)
    try:
        handle = ask("nvmlDeviceGetHandleByIndex", number)
        if handle is None:
            yield "error", "it may not be asked"
            return
        for part in (_identity, _memory_errors, _sharing, _links):
            yield from part(lambda name, *more: ask(name, handle, *more))
        yield from _fabric(nvml, handle)
    except _Lost as error:
        yield "error", str(error)


_Ask = Callable[..., Any]


def _identity(ask: _Ask) -> Iterator[Fact]:
    if name := ask("nvmlDeviceGetName"):
        yield "name", str(name)
    if memory := ask("nvmlDeviceGetMemoryInfo"):
        yield "memory_mib", str(int(memory.total) // (1024 * 1024))
    if capability := ask("nvmlDeviceGetCudaComputeCapability"):
        major, minor = capability
        if 0 < major < 100 and 0 <= minor < 10:  # noqa: PLR2004  (as the sheet writes it)
            yield "capability", f"{major}.{minor}"


def _memory_errors(ask: _Ask) -> Iterator[Fact]:
    """ECC, remapped rows (since Ampere), retired pages (before it), what must be done."""
    if ecc := ask("nvmlDeviceGetEccMode"):
        yield "ecc", "on" if ecc[0] else "off"
    for name, since in (("ecc.uncorrected", _SINCE_START), ("ecc.uncorrected_ever", _EVER)):
        errors = ask("nvmlDeviceGetTotalEccErrors", _UNCORRECTED, since)
        if errors is not None:
            yield name, str(errors)
    if rows := ask("nvmlDeviceGetRemappedRows"):
        yield "rows.uncorrectable", str(rows[1])
        yield "rows.pending", "yes" if rows[2] else "no"
        yield "rows.failed", "yes" if rows[3] else "no"
    pages = ask("nvmlDeviceGetRetiredPages", _DOUBLE_BIT)
    if pages is not None:
        yield "pages.retired", str(len(pages))
    pending = ask("nvmlDeviceGetRetiredPagesPendingStatus")
    if pending is not None:
        yield "pages.pending", "yes" if pending else "no"
    found = ask("nvmlDeviceGetFieldValues", [_RECOVERY_FIELD])
    if found and not found[0].nvmlReturn:
        yield "recovery", _RECOVERY.get(int(found[0].value.uiVal), "unknown")


def _sharing(ask: _Ask) -> Iterator[Fact]:
    """MIG, compute mode, persistence."""
    if mig := ask("nvmlDeviceGetMigMode"):
        yield "mig", "on" if mig[0] else "off"
        if mig[0] != mig[1]:
            yield "mig.pending", "on" if mig[1] else "off"
        if mig[0]:
            instances = (_instance(ask, number) for number in range(_MAX_INSTANCES))
            yield "mig.instances", str(sum(instances))
    mode = ask("nvmlDeviceGetComputeMode")
    if mode in _MODES:
        yield "compute_mode", _MODES[mode]
    persistence = ask("nvmlDeviceGetPersistenceMode")
    if persistence is not None:
        yield "persistence", "on" if persistence else "off"


def _instance(ask: _Ask, number: int) -> bool:
    return ask("nvmlDeviceGetMigDeviceHandleByIndex", number) is not None


def _links(ask: _Ask) -> Iterator[Fact]:
    """The width of the PCI link now and at best, and how many NVLinks are up."""
    for name, question in (("pcie.width", "Curr"), ("pcie.width_max", "Max")):
        width = ask(f"nvmlDeviceGet{question}PcieLinkWidth")
        if width is not None:
            yield name, str(width)
    links = [ask("nvmlDeviceGetNvLinkState", number) for number in range(_MAX_LINKS)]
    known = [link for link in links if link is not None]
    if known:
        yield "nvlinks", f"{sum(map(bool, known))} of {len(known)}"


def _fabric(nvml: NVML, handle: object) -> Iterator[Fact]:
    from ctypes import byref

    make = getattr(nvml, "c_nvmlGpuFabricInfoV_t", None)
    if make is None:
        return
    info = make()
    if _Questions(nvml)("nvmlDeviceGetGpuFabricInfoV", handle, byref(info)) is not None:
        yield "fabric.state", _FABRIC.get(info.state, "unknown")
        if info.state == _COMPLETED:
            yield "fabric.status", str(info.status)


_COMPLETED = 3
