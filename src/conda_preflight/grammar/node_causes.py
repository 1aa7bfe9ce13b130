"""What stands between a program and the GPUs of its machine; each cause is one rule's to tell.

A rule that only sees the symptom asks here whether another one knows the cause.
"""

from __future__ import annotations

from conda_preflight.grammar.node import Node

HARMLESS = frozenset(("nvidia-modeset", "nvidia-uvm-tools"))
"""Device files that no computation opens."""
_NOT_LOADED = "not loaded"
_MISMATCH = "18"
_HIDING = ("void", "none", "")
_NEEDED = frozenset(("all", "compute"))


def is_unloaded(node: Node) -> bool:
    """The kernel has no NVIDIA driver, though there is a GPU on the bus, and none answers."""
    answers = node["nvml"] == "ok" or node.started == "0"
    return node["module.nvidia"] == _NOT_LOADED and bool(node.number("pci.gpus")) and not answers


def denied(node: Node) -> list[str]:
    """Device files that this person may not open."""
    files = node.below("device.")
    return sorted(n for n, state in files.items() if state == "denied" and _is_needed(n))


def lacks_uvm(node: Node) -> bool:
    """GPUs are there and the file of the module for unified memory is not."""
    return bool(node.number("device.gpus")) and "device.nvidia-uvm" not in node


def other_versions(node: Node) -> dict[str, str]:
    """The driver's libraries that are of another version than the kernel module, by name."""
    module = node["module.nvidia"]
    if not module[:1].isdigit():
        return {}
    found = {n: node[f"library.{n}.version"] for n in ("libcuda", "libnvidia-ml")}
    if node["nvml"] == "ok":
        del found["libnvidia-ml"]  # the one that was loaded is another copy
    return {name: text for name, text in found.items() if text and text != module}


def is_mismatch(node: Node) -> bool:
    """Module and libraries differ, and NVML or CUDA refuses for that."""
    return node["nvml.code"] == _MISMATCH or bool(other_versions(node))


def hiding(node: Node) -> str:
    """The variable that keeps the GPUs out of this container, empty for none.

    Source: https://docs.nvidia.com/datacenter/cloud-native/container-toolkit (user guide,
    environment variables).
    """
    if not node.in_container:
        return ""
    shown = node.variable("NVIDIA_VISIBLE_DEVICES")
    if shown is not None and shown.strip().lower() in _HIDING and not node.number("device.gpus"):
        return "NVIDIA_VISIBLE_DEVICES"
    given = node.variable("NVIDIA_DRIVER_CAPABILITIES")
    words = {word.strip() for word in (given or "all").split(",")}
    is_lacking = not words & _NEEDED and node["library.libcuda"] == "not found"
    return "NVIDIA_DRIVER_CAPABILITIES" if is_lacking else ""


def is_outside(node: Node) -> bool:
    """A container that got nothing of the GPUs that its machine has on the bus."""
    has_files = node.number("device.gpus") or "device.nvidiactl" in node
    return node.in_container and bool(node.number("pci.gpus")) and not has_files


def fabric_fault(node: Node) -> str:
    """What is wrong with the fabric of an NVSwitch system, empty where CUDA starts."""
    if node.started == "0":
        return ""
    module, manager = node["module.nvidia"], node["fabric.manager.version"]
    if node["fabric.manager"] == "not running" and not node.in_container:
        return "the fabric manager does not run"
    if manager and module[:1].isdigit() and manager != module:
        return f"the fabric manager is of version {manager} and the driver of {module}"
    waiting = [
        n for n, s in node.of_gpus("fabric.state").items() if s in ("not started", "in progress")
    ]
    if waiting:
        return f"the fabric of GPU {waiting[0]} is not ready"
    failed = [n for n, status in node.of_gpus("fabric.status").items() if status != "0"]
    return f"GPU {failed[0]} could not join the fabric" if failed else ""


def is_memory_broken(node: Node) -> bool:
    """The kernel could not start unified memory, by its log or by the signs of it."""
    if node["kernel_log.uvm_failed"] == "yes":
        return True
    is_switched = node.number("pci.nvswitches") or node.number("fabric.nvswitches")
    is_random = "kernel.option.nokaslr" not in node
    has_hmm = node["module.nvidia_uvm.uvm_disable_hmm"] == "no"
    return node.started in ("3", "802") and not is_switched and is_random and has_hmm


def is_told_elsewhere(node: Node) -> bool:
    """Whether another rule says why CUDA does not start."""
    return bool(
        is_unloaded(node)
        or denied(node)
        or lacks_uvm(node)
        or is_mismatch(node)
        or hiding(node)
        or is_outside(node)
        or fabric_fault(node)
        or is_memory_broken(node)
        or all_hidden(node.variable("CUDA_VISIBLE_DEVICES"))
    )


def all_hidden(value: str | None) -> bool:
    """Whether a value of CUDA_VISIBLE_DEVICES hides every GPU.

    The list ends at its first entry that names none: -1 by custom.
    Source: https://docs.nvidia.com/cuda/cuda-c-programming-guide (environment variables).
    """
    if value is None:
        return False
    first = value.partition(",")[0].strip()
    return not first or first.startswith("-") or first.lower() in ("none", "void", "nodevfiles")


def _is_needed(name: str) -> bool:
    return name.startswith("nvidia") and name not in HARMLESS
