"""What a wheel needs of a machine, by its name, version and file name.

Sources: PEP 440 (local versions), PEP 600 (platform tags), the metadata of the wheels, the
tables of builds, and https://www.tensorflow.org/install/pip on TensorFlow for Windows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from conda_preflight.documents import Package
from conda_preflight.documents.stack import Need
from conda_preflight.facts.wheel_builds import wheel_build
from conda_preflight.fitting import torch_wheel
from conda_preflight.fitting.cuda_text import cuda_of_name, cuda_of_url
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.wheel_tag import tag_glibc, version_of_file
from conda_preflight.pattern import lazy_pattern

_PEP440 = "https://packaging.python.org/en/latest/specifications/version-specifiers/"
_PEP600 = "https://peps.python.org/pep-0600/"
_BITSANDBYTES = "https://github.com/bitsandbytes-foundation/bitsandbytes"
_NAMES = "https://docs.nvidia.com/cuda/cuda-installation-guide-linux/"
_TENSORFLOW = "https://www.tensorflow.org/install/pip"
_LOCAL = lazy_pattern(r"[^+]*\+[^+]*?(?<![a-z])cu(?:da)?(?:(1\d|[89])(\d)(?!\d)|(1\d)(?!\d))")
_POST = lazy_pattern(r"[^+]*\.post(1\d)(\d)(?!\d)")
_OTHER = lazy_pattern(r"[^+]*\+[^+]*?(?<![a-z])(cpu|rocm|hip|xpu)")
_CUDNN = lazy_pattern(r"[^+]*\+[^+]*cudnn(\d)(\d)")
_RUNTIME = lazy_pattern(r"nvidia-cuda-(?:runtime|nvrtc|cupti|nvcc)(?:-cu1\d)?|cuda-toolkit")
_TOOLKIT = lazy_pattern(r"\d{1,3}(?:\.\d{1,3})?")
_UNSUFFIXED = frozenset(
    (
        *("nvidia-cublas", "nvidia-cufft", "nvidia-curand", "nvidia-cusolver", "nvidia-cusparse"),
        *("nvidia-nvjitlink", "nvidia-nvtx", "nvidia-cufile"),
    )
)
_PLUGIN = lazy_pattern(r"jax-(?:cuda|rocm)\d{1,3}-plugin")
_ROCM = lazy_pattern(r"-rocm\d{0,3}(?:-|$)")
_FRAMEWORKS = frozenset(
    (
        *("torch", "tensorflow", "jaxlib", "onnxruntime-gpu", "vllm", "sglang", "mxnet"),
        *("paddlepaddle-gpu", "tensorflow-gpu", "tensorflow-rocm", "onnxruntime-rocm"),
    )
)
_OF_INDEXES = _FRAMEWORKS | {"torchvision", "torchaudio", "xformers", "llama-cpp-python"}
_CPU_NAMES = frozenset(
    (
        *("tensorflow-cpu", "tensorflow-cpu-aws", "tensorflow-intel", "intel-tensorflow"),
        *("onnxruntime", "faiss-cpu"),
    )
)
_LAST_ON_WINDOWS = (2, 10)
"""The last TensorFlow that calls a GPU on Windows itself."""


def pip_need(package: Package, subdir: str) -> Need | None:
    """What a wheel says for a platform; None where that is nothing."""
    found = next(filter(None, (rule(package, subdir) for rule in _RULES)), None)
    tag = tag_glibc(package.url) if subdir.startswith("linux-") else ""
    if found is None:
        return Need(package, "platform tag", _PEP600, glibc=tag) if tag else None
    greater = max((found.glibc, tag), key=numbers)
    row = None if found.capability else wheel_build(package.name, package.version)
    floor = row.capability if row and found.flavour == "cuda" else found.capability
    return replace(found, glibc=greater, capability=floor)


def _by_local_version(package: Package, subdir: str) -> Need | None:
    """``+cu118``, ``+pt21cu118``, ``+cu12torch2.6``, also where only the file's name has it."""
    version = package.version if "+" in package.version else version_of_file(package.url)
    if other := _OTHER.match(version):
        kind = "rocm" if other[1] in ("rocm", "hip") else other[1]
        return _labelled(package, "local version", subdir, flavour=kind)
    found = _LOCAL.match(version)
    if found is None and package.name == "paddlepaddle-gpu":
        found = _POST.match(package.version)
    if found is None:
        return None
    cuda = ".".join(filter(None, found.groups()))
    need = _labelled(package, "local version", subdir, flavour="cuda", cuda=cuda)
    cudnn = _CUDNN.match(version)
    return replace(need, cudnn=".".join(cudnn.groups())) if cudnn else need


def _by_index(package: Package, subdir: str) -> Need | None:
    """``.../whl/cu126/torch-...``, of a package that is built for each CUDA."""
    if package.name not in _OF_INDEXES:
        return None
    if "/whl/cpu/" in package.url:
        return _labelled(package, "index of wheels", subdir, flavour="cpu")
    cuda = cuda_of_url(package.url)
    return (
        _labelled(package, "index of wheels", subdir, flavour="cuda", cuda=cuda) if cuda else None
    )


def _labelled(package: Package, rule: str, subdir: str, *, flavour: str, cuda: str = "") -> Need:
    if package.name == "torch":
        return torch_wheel.labelled(package, rule, subdir, flavour=flavour, cuda=cuda)
    framework = _is_framework(package)
    return Need(package, rule, _PEP440, flavour=flavour, framework=framework, cuda=cuda)


def _torch(package: Package, subdir: str) -> Need | None:
    return torch_wheel.plain(package, subdir) if package.name == "torch" else None


def _runtime(package: Package, _: str) -> Need | None:
    found = _TOOLKIT.match(package.version) if _RUNTIME.fullmatch(package.name) else None
    return Need(package, "version of a CUDA wheel", _NAMES, cuda=found[0]) if found else None


def _tensorflow(package: Package, subdir: str) -> Need | None:
    """Where the wheels of TensorFlow are for the CPU: on ARM, and on Windows after 2.10."""
    if package.name != "tensorflow":
        return None
    is_late = numbers(package.version)[:2] > _LAST_ON_WINDOWS
    if subdir == "linux-aarch64" or (subdir.startswith("win-") and is_late):
        return Need(package, "platform of tensorflow", _TENSORFLOW, flavour="cpu", framework=True)
    return None


def _by_table(package: Package, subdir: str) -> Need | None:
    name, version = package.name, package.version
    build = wheel_build(name, version)
    if build is None and name == "tensorflow-gpu":
        build = wheel_build("tensorflow", version)
    if build is None or not subdir.startswith(("linux-", "win-")):
        return None
    return Need(
        package=package,
        rule="release in the tables",
        source=build.source,
        flavour="cuda",
        framework=_is_framework(package),
        cuda=build.cuda,
        driver=build.driver,
        capability=build.capability,
        compiled=build.compiled,
        glibc=build.glibc if subdir.startswith("linux-") else "",
        cudnn=build.cudnn,
    )


def _by_name(package: Package, _: str) -> Need | None:
    """``nvidia-cublas-cu12``, ``cupy-cuda12x``; since CUDA 13 NVIDIA's names have no suffix."""
    framework = _is_framework(package)
    if cuda := cuda_of_name(package.name):
        is_library = package.name.startswith(("nvidia-", "tensorrt"))
        return Need(
            package=package,
            rule="suffix of a name",
            source=_NAMES if is_library else "",
            flavour="" if is_library else "cuda",
            framework=framework,
            cuda=cuda,
        )
    if _ROCM.search(package.name):
        return Need(package, "suffix of a name", flavour="rocm", framework=framework)
    if package.name in _UNSUFFIXED:
        return Need(package, "name without a suffix", _NAMES, cuda="13")
    return None


def _for_cpu(package: Package, subdir: str) -> Need | None:
    """Builds for the CPU by name; jaxlib is one, and a plugin beside it calls the GPU."""
    is_jax = package.name == "jaxlib" and "+" not in package.version
    if package.name not in _CPU_NAMES and not (is_jax and not subdir.startswith("osx-")):
        return None
    is_framework = is_jax or "tensorflow" in package.name
    return Need(package, "name of a CPU build", flavour="cpu", framework=is_framework)


def _bitsandbytes(package: Package, _: str) -> Need | None:
    """Its wheel has a library for each CUDA; which one counts is told by torch beside it."""
    is_it = package.name == "bitsandbytes"
    return Need(package, "release", _BITSANDBYTES, flavour="cuda") if is_it else None


def _is_framework(package: Package) -> bool:
    return package.name in _FRAMEWORKS or bool(_PLUGIN.fullmatch(package.name))


_RULES: tuple[Callable[[Package, str], Need | None], ...] = (
    _by_local_version,
    _by_index,
    _torch,
    _runtime,
    _tensorflow,
    _by_table,
    _by_name,
    _for_cpu,
    _bitsandbytes,
)
