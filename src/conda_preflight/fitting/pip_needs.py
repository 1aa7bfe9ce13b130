"""What a wheel needs of a machine, by its name, version and file name.

Sources: PEP 440 (local versions), PEP 600 (platform tags), the metadata of the wheels, and the
tables of builds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from conda_preflight.documents import Package
from conda_preflight.documents.stack import Need
from conda_preflight.facts.torch_builds import code_of, default_wheel, release
from conda_preflight.facts.wheel_builds import wheel_build
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.wheel_tag import tag_glibc
from conda_preflight.pattern import lazy_pattern

_PEP440 = "https://packaging.python.org/en/latest/specifications/version-specifiers/"
_TABLES = "tables of builds"
_LOCAL = lazy_pattern(r"[^+]*\+(?:[^+]*\.)?cu(?:da)?(1\d|[89])(\d)(?!\d)")
_MAJOR_ALONE = lazy_pattern(r"[^+]*\+(?:[^+]*\.)?cu(?:da)?(1\d)(?!\d)")
_OTHER = lazy_pattern(r"[^+]*\+(?:[^+]*[._])?(cpu|rocm|hip|xpu)")
_SUFFIX = lazy_pattern(
    r"(?:nvidia-[a-z0-9-]+|cupy-cuda|faiss-gpu|jax-cuda|torch-tensorrt|tensorrt|onnxruntime-gpu"
    r"|flashinfer[a-z-]*|llama-cpp-python|cuml|cudf|rmm|cugraph|dask-cudf|raft-dask|pylibraft"
    r"|libcudf|librmm|cucim|cuvs|numba-cuda|mxnet|paddlepaddle-gpu)-?(?:cu)?(1[0-9])"
    r"(?:x|-plugin|-pjrt|-cu1\d|-libs|-bindings)?"
)
_RUNTIME = lazy_pattern(r"nvidia-cuda-(?:runtime|nvrtc|cupti|nvcc)(?:-cu1\d)?|cuda-toolkit")
_UNSUFFIXED = frozenset(
    (
        *("nvidia-cublas", "nvidia-cufft", "nvidia-curand", "nvidia-cusolver", "nvidia-cusparse"),
        *("nvidia-nvjitlink", "nvidia-nvtx", "nvidia-cufile"),
    )
)
_FLASH = lazy_pattern(r"\+(?:[^+]*?)cu(\d{2,3})torch")
_FRAMEWORKS = frozenset(
    (
        *("torch", "tensorflow", "jaxlib", "onnxruntime-gpu", "vllm", "sglang", "mxnet"),
        *("jax-cuda12-plugin", "jax-cuda13-plugin", "paddlepaddle-gpu", "tensorflow-gpu"),
    )
)
_CPU_NAMES = frozenset(("tensorflow-cpu", "onnxruntime", "intel-tensorflow", "tensorflow-intel"))


def pip_need(package: Package, subdir: str) -> Need | None:
    """What a wheel says for a platform; None where that is nothing."""
    found = next(filter(None, (rule(package, subdir) for rule in _RULES)), None)
    tag = tag_glibc(package.url) if subdir.startswith("linux-") else ""
    if found is None:
        if not tag or package.name not in _FRAMEWORKS | _CPU_NAMES:
            return None
        found = Need(package, "platform tag", _PEP440)
    greater = max((found.glibc, tag), key=numbers)
    row = None if found.capability else wheel_build(package.name, package.version)
    floor = row.capability if row and found.flavour == "cuda" else found.capability
    return replace(found, glibc=greater, capability=floor)


def _by_local_version(package: Package, subdir: str) -> Need | None:
    """``+cu118`` and its like, also where only the URL of the file has it."""
    version = package.version if "+" in package.version else _version_of_file(package)
    if other := _OTHER.match(version):
        kind = "rocm" if other[1] in ("rocm", "hip") else other[1]
        return _need(package, "local version", flavour=kind, subdir=subdir)
    found = _LOCAL.match(version) or _MAJOR_ALONE.match(version)
    if found is None:
        return None
    cuda = ".".join(found.groups())
    return _need(package, "local version", flavour="cuda", cuda=cuda, subdir=subdir)


def _version_of_file(package: Package) -> str:
    name = unquote(package.url.partition("#")[0]).rpartition("/")[2]
    return name.split("-")[1] if name.endswith(".whl") and name.count("-") > 1 else ""


def _need(package: Package, rule: str, *, flavour: str, subdir: str, cuda: str = "") -> Need:
    is_torch = package.name == "torch"
    row = release(package.version) if is_torch else None
    arch = "aarch64" if subdir == "linux-aarch64" else "x86_64"
    column = "glibc_aarch64" if arch == "aarch64" else "glibc"
    version = package.version.partition("+")[0]
    return Need(
        package=package,
        rule=rule,
        source=_PEP440,
        flavour=flavour,
        framework=package.name in _FRAMEWORKS,
        cuda=cuda,
        compiled=code_of(version, cuda, "wheel", arch) if is_torch and cuda else None,
        glibc=row[column] if row and subdir.startswith("linux-") else "",
    )


def _torch(package: Package, subdir: str) -> Need | None:
    """A wheel of the public index by its release; on Windows it is a CPU build."""
    if package.name != "torch":
        return None
    if not subdir.startswith("linux-"):
        flavour = "cpu" if subdir.startswith("win-") else ""
        return Need(package, "platform of torch", _TABLES, flavour=flavour, framework=True)
    build = default_wheel(package.version, subdir)
    if build is None:
        return None
    return Need(
        package=package,
        rule="release of torch",
        source=_TABLES,
        flavour="cuda" if build.cuda else "cpu",
        framework=True,
        cuda=build.cuda,
        compiled=build.compiled,
        glibc=build.glibc,
        cudnn=build.cudnn if build.cuda else "",
        nccl=build.nccl if build.cuda else "",
    )


def _runtime(package: Package, _: str) -> Need | None:
    if not _RUNTIME.fullmatch(package.name):
        return None
    cuda = ".".join(package.version.split(".")[:2])
    return Need(package, "version of a CUDA wheel", _TABLES, cuda=cuda)


def _flash_attention(package: Package, _: str) -> Need | None:
    found = _FLASH.search(f"{package.version} {unquote(package.url)}")
    if package.name not in ("flash-attn", "flash_attn") or not found:
        return None
    digits = found[1]
    cuda = f"{digits[:2]}.{digits[2]}" if digits[2:] else digits
    return Need(package, "name of a wheel", _TABLES, flavour="cuda", cuda=cuda)


def _by_table(package: Package, subdir: str) -> Need | None:
    build = wheel_build(package.name, package.version)
    if build is None or not subdir.startswith(("linux-", "win-")):
        return None
    if package.name == "tensorflow" and subdir.startswith("win-"):
        return Need(package, "platform of tensorflow", _TABLES, flavour="cpu", framework=True)
    return Need(
        package=package,
        rule="release in the tables",
        source=_TABLES,
        flavour="cuda",
        framework=package.name in _FRAMEWORKS,
        cuda=build.cuda,
        driver=build.driver,
        capability=build.capability,
        compiled=build.compiled,
        glibc=build.glibc if subdir.startswith("linux-") else "",
        cudnn=build.cudnn,
    )


def _by_suffix(package: Package, _: str) -> Need | None:
    """``nvidia-cublas-cu12``, ``cupy-cuda12x``; since CUDA 13 NVIDIA's names have no suffix."""
    found = _SUFFIX.fullmatch(package.name)
    if found:
        library = package.name.startswith(("nvidia-", "tensorrt"))
        flavour = "" if library else "cuda"
        return Need(package, "suffix of a name", _TABLES, flavour=flavour, cuda=found[1])
    if package.name in _UNSUFFIXED:
        return Need(package, "name without a suffix", _TABLES, cuda="13")
    return None


def _for_cpu(package: Package, _: str) -> Need | None:
    if package.name not in _CPU_NAMES:
        return None
    is_framework = package.name.startswith(("tensorflow", "intel-"))
    return Need(package, "name of a CPU build", _TABLES, flavour="cpu", framework=is_framework)


_RULES: tuple[Callable[[Package, str], Need | None], ...] = (
    _by_local_version,
    _torch,
    _runtime,
    _flash_attention,
    _by_table,
    _by_suffix,
    _for_cpu,
)
