"""A framework is imported, and says what it is and what it was built for."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType

from .mapped import inside, tell_mapped
from .telling import Answer, NotInstalledError

_PROJECTS = {
    "torch": ("torch",),
    "tensorflow": ("tensorflow", "tensorflow-cpu", "intel-tensorflow"),
    "jax": ("jax",),
    "onnxruntime": ("onnxruntime-gpu", "onnxruntime"),
    "flash_attn": ("flash-attn",),
    "tensorrt": ("tensorrt", "tensorrt-cu13", "tensorrt-cu12"),
}


def attempt(answer: Answer) -> None:
    """Import it; a framework whose own import fails is not "not installed"."""
    name = answer.argument
    framework(name)
    answer.doing("import " + name)
    try:
        module = importlib.import_module(name)
    finally:
        tell_mapped(answer)
    answer.fact("version", getattr(module, "__version__", None))
    if getattr(module, "__file__", None):
        answer.fact("file", inside(str(module.__file__)))
    _tell_record(answer, name)
    if tell := _TELL.get(name):
        tell(answer, module)


def framework(name: str) -> None:
    """Raise NotInstalledError unless Python can find it."""
    try:
        found = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        found = None
    if found is None or found.origin is None:
        raise NotInstalledError(name + " is not there")


def _tell_record(answer: Answer, name: str) -> None:
    """The version that the records of the prefix have for it."""
    import importlib.metadata as records

    for project in _PROJECTS.get(name, (name,)):
        try:
            answer.fact("recorded", records.version(project))
        except records.PackageNotFoundError:
            continue
        return


def _tell_torch(answer: Answer, torch: ModuleType) -> None:
    version = getattr(torch, "version", None)
    cuda, hip = getattr(version, "cuda", None), getattr(version, "hip", None)
    answer.fact("build", "cuda" if cuda else "rocm" if hip else "cpu")
    answer.fact("cuda", cuda)
    answer.fact("hip", hip)
    answer.fact("cudnn", torch.backends.cudnn.version())
    answer.fact("arch_list", " ".join(torch.cuda.get_arch_list()) or None)
    answer.fact("cxx11_abi", getattr(torch._C, "_GLIBCXX_USE_CXX11_ABI", None))  # noqa: SLF001


def _tell_tensorflow(answer: Answer, tensorflow: ModuleType) -> None:
    info = tensorflow.sysconfig.get_build_info()
    answer.fact("build", "cuda" if info.get("is_cuda_build") else "cpu")
    for name in ("cuda_version", "cudnn_version", "cuda_compute_capabilities"):
        if info.get(name):
            answer.fact(
                {"cuda_version": "cuda", "cudnn_version": "cudnn"}.get(name, name), info[name]
            )


def _tell_jax(answer: Answer, jax: ModuleType) -> None:
    import importlib.metadata as records

    del jax
    found = {dist.metadata["Name"]: dist.version for dist in records.distributions()}
    for name in sorted(filter(None, found)):
        if name.replace("_", "-").startswith(("jaxlib", "jax-cuda", "jax-rocm")):
            answer.fact("project." + name.replace("_", "-"), found[name])
    plugins = [name for name in found if name and "jax" in name and "cuda" in name]
    answer.fact("build", "cuda" if plugins else "cpu")


def _tell_onnxruntime(answer: Answer, onnxruntime: ModuleType) -> None:
    providers = onnxruntime.get_available_providers()
    answer.fact("providers", " ".join(providers))
    answer.fact("build", "cuda" if "CUDAExecutionProvider" in providers else "cpu")
    answer.fact("cuda", getattr(onnxruntime, "cuda_version", None) or None)


def _tell_vllm(answer: Answer, vllm: ModuleType) -> None:
    del vllm
    torch = sys.modules.get("torch")
    answer.fact("torch", getattr(torch, "__version__", None))


_TELL = {
    "torch": _tell_torch,
    "tensorflow": _tell_tensorflow,
    "jax": _tell_jax,
    "onnxruntime": _tell_onnxruntime,
    "vllm": _tell_vllm,
}
