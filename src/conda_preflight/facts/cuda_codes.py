"""What the codes of cuInit mean on a machine that has a GPU: the cause and what to do.

Names of the codes: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html; each row
has the place that tells its cause.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Code:
    """One code: its name in the CUDA driver interface, its usual cause, a remedy, a source."""

    name: str
    cause: str
    fix: str
    source: str


CODES = {
    "3": Code(
        "not initialized",
        "the driver could not start",
        "Look at the messages of the kernel about nvidia-uvm, and start the machine anew.",
        "https://github.com/wilicc/gpu-burn/issues/133",
    ),
    "34": Code(
        "stub library",
        "the libcuda that is found is the stub of the toolkit, which only linkers use",
        "Take the folder stubs out of LD_LIBRARY_PATH.",
        "https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html",
    ),
    "46": Code(
        "device unavailable",
        "another process holds the GPU, which is set to be exclusive",
        "End that process, or run nvidia-smi -c DEFAULT.",
        "https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html",
    ),
    "100": Code(
        "no device",
        "the driver shows no GPU to this process",
        "Unset CUDA_VISIBLE_DEVICES, and look whether nvidia-smi -L lists GPUs; a container needs "
        "--gpus all.",
        "https://github.com/AbdBarho/stable-diffusion-webui-docker/issues/348",
    ),
    "101": Code(
        "invalid device",
        "a number or UUID among the visible devices is of no GPU",
        "Unset CUDA_VISIBLE_DEVICES or name GPUs that nvidia-smi -L lists.",
        "https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html",
    ),
    "802": Code(
        "system not ready",
        "the NVSwitch fabric is not set up, which the fabric manager does",
        "Install nvidia-fabricmanager of exactly the driver's version and start it; a virtual "
        "machine needs a whole partition of the fabric.",
        "https://github.com/pytorch/pytorch/issues/35710",
    ),
    "803": Code(
        "system driver mismatch",
        "libcuda and the kernel module are of different versions",
        "Remove copies of libcuda and cuda-compat from LD_LIBRARY_PATH; after an update of the "
        "driver start the machine anew.",
        "https://github.com/NVIDIA/nvidia-docker/issues/1256",
    ),
    "804": Code(
        "forward compatibility is not supported",
        "a libcuda of cuda-compat is loaded, which works on data-centre GPUs only, and on them "
        "only with some drivers",
        "Take the compat folder out of LD_LIBRARY_PATH and ld.so.conf, or update the driver.",
        "https://github.com/NVIDIA/nvidia-docker/issues/1515",
    ),
    "805": Code(
        "MPS connection failed",
        "the program looks for an MPS control daemon and does not reach it",
        "Unset CUDA_MPS_PIPE_DIRECTORY, or start nvidia-cuda-mps-control; a container needs its "
        "pipe folder mounted and --ipc=host.",
        "https://github.com/NVIDIA/nvidia-container-toolkit/issues/714",
    ),
    "806": Code(
        "MPS client failed",
        "the MPS server ended, or serves another person",
        "Restart nvidia-cuda-mps-control as the person who runs the program.",
        "https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html",
    ),
    "999": Code(
        "unknown",
        "usually nvidia-uvm is missing or broken, as after a suspend or in a small container",
        "Run nvidia-modprobe -u -c 0; after a suspend reload nvidia_uvm.",
        "https://github.com/ollama/ollama/issues/1895",
    ),
}
