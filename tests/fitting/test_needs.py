"""What packages need of a machine, by the rules for reading CUDA out of a lock."""

from __future__ import annotations

import pytest

from conda_preflight.documents import Location, Package
from conda_preflight.documents.stack import Need
from conda_preflight.fitting.stack_of import stack
from conda_preflight.installation import Installation, Place

HERE = Location("conda-lock.yml", 1)
WHEEL = "https://files.example.org/"


def needs(*packages: Package, subdir: str = "linux-64") -> list[Need]:
    return list(stack(Installation(Place("", subdir), packages, subdir)).needs)


def conda(name: str, version: str, build: str = "h1_0", **more: object) -> Package:
    return Package("conda", name, version, HERE, build=build, **more)  # type: ignore[arg-type]


def pip(name: str, version: str, file: str = "") -> Package:
    return Package("pypi", name, version, HERE, url=f"{WHEEL}{file}" if file else "")


@pytest.mark.parametrize(
    ("package", "cuda", "flavour"),
    [
        (conda("cuda-version", "12.9"), "12.9", ""),
        (conda("cudatoolkit", "11.8.0"), "11.8", ""),
        (conda("cuda-cudart", "12.9.79"), "12.9", ""),
        (conda("pytorch-cuda", "12.1", "ha16c6d3_5"), "12.1", ""),
        (conda("pytorch", "2.7.1", "cuda129_mkl_py311h1_300"), "12.9", "cuda"),
        (conda("tensorflow", "2.8.0", "cuda112py39h01bd6f0_0"), "11.2", "cuda"),
        (conda("tensorflow-base", "2.5.0", "gpu_py39h29c2da4_0"), "", "cuda"),
        (conda("jaxlib", "0.4.23", "cuda120py311h1_200"), "12.0", "cuda"),
        (conda("pytorch", "2.4.1", "py3.11_cuda12.4_cudnn9.1.0_0"), "12.4", "cuda"),
        (conda("pytorch", "1.4.0", "py3.7_cuda9.2.148_cudnn7.6.3_0"), "9.2", "cuda"),
        (conda("pytorch", "1.3.0", "cuda92py37h1_0"), "9.2", "cuda"),
        (conda("tensorflow", "2.1.0", "cuda100py37h1_0"), "10.0", "cuda"),
        (conda("pytorch", "1.13.1", "cpu_py310h1_1"), "", "cpu"),
        (conda("pytorch", "2.4.1", "py3.11_cpu_0"), "", "cpu"),
        (conda("tensorflow", "2.12.0", "mkl_py311h1_0"), "", "cpu"),
        (conda("pytorch", "2.0.0", "x_0", depends=("pytorch-mutex 1.0 cpu",)), "", "cpu"),
        (
            conda("cupy", "13.3.0", depends=("__cuda >=11.0", "cuda-version >=12.0,<13")),
            "12.0",
            "cuda",
        ),
        (conda("libmagma", "2.9.0", depends=("cuda-version >=12.9,<13",)), "12.9", ""),
        (conda("nccl", "2.14.3.1", depends=("cudatoolkit >=11.2,<12", "libgcc >=12")), "11.2", ""),
        (conda("cudnn", "8.2.1.32", depends=("cudatoolkit 11.*",)), "11", ""),
        (
            conda("tensorflow-base", "2.4.1", "gpu_py39h1_0", depends=("cudatoolkit 10.1.*",)),
            "10.1",
            "cuda",
        ),
        (
            conda(
                "cupy-core",
                "14.1.1",
                "py311h1_0",
                depends=("__cuda", "cuda-version >=12,<13.0a0", "cuda-cudart >=12.9.79,<13.0a0"),
            ),
            "12.9",
            "cuda",
        ),
        (conda("torchvision", "0.17.0", "py311_cu121"), "12.1", "cuda"),
        (conda("torchvision", "0.17.0", "py311_cpu"), "", "cpu"),
        (conda("pytorch3d", "0.7.5", "py310_cu118_pyt210"), "11.8", "cuda"),
        (conda("xformers", "0.0.22", "py310_cu11.8.0_pyt2.0.1"), "11.8", "cuda"),
        (conda("pyg", "2.5.2", "py310_torch_2.1.0_cu121"), "12.1", "cuda"),
        (conda("libfaiss", "1.8.0", "py311cuda120h1_0_cuda"), "12.0", "cuda"),
        (conda("faiss-gpu", "1.7.2", "py3.8_h28a55e0_0_cuda11.3"), "11.3", "cuda"),
        (conda("libfaiss", "1.8.0", "hb1_0_cuda12.1.1_raft"), "12.1", "cuda"),
        (conda("cudf", "24.02.00", "cuda12_py310_240208_g1_0"), "12", "cuda"),
        (conda("cudf", "23.04.00", "cuda_11_py310_230414_g1_0"), "11", "cuda"),
        (conda("onnxruntime", "1.17.1", "py311hb9a6cd1_1_cuda"), "", "cuda"),
        (
            conda("onnxruntime", "1.22.0", "py312h1_0_cuda", depends=("cuda-version >=12.9,<13",)),
            "12.9",
            "cuda",
        ),
        (conda("onnxruntime", "1.17.1", "py311hb9a6cd1_1_cpu"), "", "cpu"),
        (conda("magma-cuda121", "2.6.1", "1"), "12.1", ""),
        (conda("dgl-cuda11.3", "0.9.1", "py39_0"), "11.3", ""),
        (conda("dgl", "2.1.0.th21.cu121", "py310_0"), "12.1", ""),
        (conda("pytorch", "2.1.0", "gpu_cuda118py310h1_100"), "11.8", "cuda"),
        (conda("pytorch", "2.8.0", "rocm64_py311_0"), "", "rocm"),
        (conda("cpuonly", "2.0", "0"), "", "cpu"),
        (conda("pytorch-mutex", "1.0", "cpu"), "", "cpu"),
        (conda("cuda", "11.8.0", "0"), "11.8", ""),
        (conda("cuda-cupti", "12.4.127", "0"), "12.4", ""),
        (conda("cuda-cudart_linux-64", "12.6.68", "h1_0"), "12.6", ""),
        (conda("libcublas", "12.9.1.4", depends=("cuda-version >=12.9,<12.10.0a0",)), "12.9", ""),
        (pip("torch", "2.1.2+cu118"), "11.8", "cuda"),
        (pip("torch", "1.9.0+cu92"), "9.2", "cuda"),
        (pip("torch", "2.7.1+cpu"), "", "cpu"),
        (pip("torch", "2.7.1+rocm6.3"), "", "rocm"),
        (pip("torch", "2.8.0+xpu"), "", "xpu"),
        (pip("torch", "2.5.1", "torch-2.5.1%2Bcu121-cp311-cp311-linux_x86_64.whl"), "12.1", "cuda"),
        (pip("torch", "2.0.1"), "11.7", "cuda"),
        (pip("torch", "2.4.1"), "12.1", "cuda"),
        (pip("torch", "2.5.1"), "12.4", "cuda"),
        (pip("torch", "2.7.1"), "12.6", "cuda"),
        (pip("torch", "2.10.0"), "12.8", "cuda"),
        (pip("torch", "2.14.1"), "13.0", "cuda"),
        (pip("torch", "2.15.0"), "13.2", "cuda"),
        (pip("nvidia-cuda-runtime-cu12", "12.1.105"), "12.1", ""),
        (pip("nvidia-cuda-runtime", "13.0.96"), "13.0", ""),
        (pip("cuda-toolkit", "13.0.2"), "13.0", ""),
        (pip("nvidia-cudnn-cu12", "9.1.0.70"), "12", ""),
        (pip("nvidia-cublas", "13.1.1.3"), "13", ""),
        (pip("cupy-cuda12x", "13.6.0"), "12", "cuda"),
        (pip("faiss-gpu-cu12", "1.14.1"), "12", "cuda"),
        (pip("jax-cuda13-plugin", "0.8.0"), "13", "cuda"),
        (pip("jaxlib", "0.3.25+cuda11.cudnn82"), "11", "cuda"),
        (pip("onnxruntime-gpu", "1.18.0"), "11.8", "cuda"),
        (pip("onnxruntime-gpu", "1.22.0"), "12", "cuda"),
        (pip("onnxruntime-gpu", "1.27.0"), "13", "cuda"),
        (pip("tensorflow", "2.17.1"), "12.3", "cuda"),
        (pip("tensorflow-cpu", "2.17.1"), "", "cpu"),
        (pip("vllm", "0.20.0"), "13", "cuda"),
        (pip("torch", "2.9.0.dev20250801+cu128"), "12.8", "cuda"),
        (pip("torch", "2.1.0a0+41361538.nv23.6"), "", ""),
        (pip("torch", "2.7.0", "torch-2.7.0-cp310-cp310-linux_aarch64.whl"), "", ""),
        (pip("torch", "2.3.1", "whl/cpu/torch-2.3.1-cp311-cp311-linux_x86_64.whl"), "", "cpu"),
        (pip("torch", "2.7.0", "jp6/cu126/torch-2.7.0-cp310-cp310-linux_x.whl"), "12.6", "cuda"),
        (pip("jaxlib", "0.4.14+cuda12.cudnn89"), "12", "cuda"),
        (pip("jaxlib", "0.1.75+cuda111"), "11.1", "cuda"),
        (pip("jaxlib", "0.7.2"), "", "cpu"),
        (pip("jax-rocm60-plugin", "0.5.0"), "", "rocm"),
        (pip("tensorflow-gpu", "2.8.0"), "11.2", "cuda"),
        (pip("tensorflow-gpu", "2.0.0"), "10.0", "cuda"),
        (pip("tensorflow-rocm", "2.14.0"), "", "rocm"),
        (pip("paddlepaddle-gpu", "2.6.1.post120"), "12.0", "cuda"),
        (pip("mxnet-cu112", "1.9.1"), "11.2", "cuda"),
        (pip("cupy-cuda102", "12.3.0"), "10.2", "cuda"),
        (pip("cupy-cuda11x", "13.6.0"), "11", "cuda"),
        (pip("spconv-cu118", "2.3.6"), "11.8", "cuda"),
        (pip("cuequivariance-ops-cu12", "0.7.0"), "12", "cuda"),
        (pip("nvidia-dali-cuda120", "1.40.0"), "12.0", ""),
        (pip("tensorrt-cu12-libs", "10.7.0"), "12", ""),
        (pip("torch", "2.0.1+cu117.with.pypi.cudnn"), "11.7", "cuda"),
        (pip("torch", "2.7.1+cpu.cxx11.abi"), "", "cpu"),
        (pip("torch-scatter", "2.1.2+pt21cu118"), "11.8", "cuda"),
        (pip("torch-scatter", "2.1.2+pt21cpu"), "", "cpu"),
        (pip("natten", "0.17.1+torch250cu121"), "12.1", "cuda"),
        (pip("mamba-ssm", "2.2.4+cu12torch2.5cxx11abiFALSE"), "12", "cuda"),
        (pip("flash-attn", "2.3.6+cu122torch2.1cxx11abiFALSE"), "12.2", "cuda"),
        (
            pip("flash-attn", "2.7.0", "flash_attn-2.7.0+cu12torch2.6cxx11abiFALSE-cp311.whl"),
            "12",
            "cuda",
        ),
    ],
)
def test_cuda_and_kind(package, cuda, flavour):
    (found,) = needs(package)
    assert (found.cuda, found.flavour) == (cuda, flavour)
    assert found.rule


@pytest.mark.parametrize("name", ["numpy", "requests", "openssl", "libstdcxx", "nccl-tests"])
def test_what_needs_nothing(name):
    assert needs(conda(name, "1.0"), pip(name, "1.0")) == []


def test_a_build_for_a_gpu_is_not_told_to_be_for_the_cpu_by_what_it_excludes():
    package = conda(
        "pytorch",
        "2.4.1",
        "py3.12_cuda12.4_cudnn9.1.0_0",
        depends=("pytorch-mutex 1.0 cuda",),
        constrains=("cpuonly <0",),
    )
    assert needs(package)[0].flavour == "cuda"


def test_cudnn_of_builds():
    assert needs(conda("pytorch", "2.2.2", "py3.10_cuda11.8_cudnn8.7.0_0"))[0].cudnn == "8.7.0"
    assert needs(pip("jaxlib", "0.3.25+cuda11.cudnn82"))[0].cudnn == "8.2"
    assert needs(pip("torch", "2.4.1"))[0].cudnn == "9.1.0.70"


def test_a_build_is_known_by_its_string_on_a_mirror():
    def ptx(build: str) -> tuple[str, ...]:
        mirror = "https://mirror.example.org/conda/all"
        compiled = needs(conda("pytorch", "2.4.1", build, channel=mirror))[0].compiled
        assert compiled is not None
        return compiled.ptx

    assert ptx("py3.11_cuda12.4_cudnn9.1.0_0") == ()
    assert ptx("cuda120_py311_h1_301") == ("9.0",)


def test_wheels_of_other_platforms():
    assert needs(pip("torch", "2.10.0"), subdir="linux-aarch64")[0].flavour == "cpu"
    arm = needs(pip("torch", "2.11.0"), subdir="linux-aarch64")[0]
    assert (arm.flavour, arm.cuda) == ("cuda", "13.0")
    assert arm.compiled is not None
    assert "11.0" in arm.compiled.cubins
    assert needs(pip("torch", "2.7.1"), subdir="win-64")[0].flavour == "cpu"
    assert needs(pip("torch", "2.7.1"), subdir="osx-arm64")[0].flavour == ""
    assert needs(pip("tensorflow", "2.17.0"), subdir="win-64")[0].flavour == "cpu"
    assert needs(pip("tensorflow", "2.10.0"), subdir="win-64")[0].flavour == "cuda"
    assert needs(pip("tensorflow", "2.17.0"), subdir="linux-aarch64")[0].flavour == "cpu"
    assert needs(pip("jaxlib", "0.7.2"), subdir="osx-arm64") == []
    windows = conda("pytorch", "2.13.0", "cuda128_mkl_py311_h1_301", subdir="win-64")
    assert needs(windows, subdir="win-64")[0].glibc == ""


@pytest.mark.parametrize(
    ("package", "glibc"),
    [
        (pip("torch", "2.6.0", "torch-2.6.0-cp311-cp311-manylinux1_x86_64.whl"), "2.17"),
        (pip("torch", "2.7.1"), "2.28"),
        (pip("vllm", "0.11.2"), "2.29"),
        (pip("vllm", "0.15.0"), "2.31"),
        (pip("vllm", "0.20.0"), "2.35"),
        (pip("vllm", "0.25.0"), "2.28"),
        (pip("sglang", "0.5.23", "sglang-0.5.23-py3-none-manylinux_2_34_x86_64.whl"), "2.34"),
        (conda("pytorch", "2.13.0", "cuda130_mkl_py311h1_300"), "2.28"),
        (conda("pytorch", "2.13.0", "cuda129_mkl_py311h1_300"), "2.17"),
        (conda("x", "1", "cuda129_0", depends=("__glibc >=2.28,<3.0.a0",)), "2.28"),
    ],
)
def test_glibc(package, glibc):
    assert needs(package)[0].glibc == glibc


def test_bitsandbytes_loads_the_library_of_torchs_cuda():
    old = needs(pip("torch", "2.1.2+cu118"), pip("bitsandbytes", "0.45.5"))[1]
    assert (old.cuda, old.glibc) == ("11.8", "")
    new = needs(pip("torch", "2.7.1"), pip("bitsandbytes", "0.45.5"))[1]
    assert (new.cuda, new.glibc) == ("12.6", "2.34")
    nearest = needs(pip("torch", "2.8.0+cu129"), pip("bitsandbytes", "0.50.2"))[1]
    assert nearest.cuda == "12.8"


def test_a_build_for_cuda_takes_that_of_its_environment():
    """In an explicit list no dependencies stand."""
    found = needs(
        conda("cuda-version", "12.9"),
        conda("onnxruntime", "1.22.0", "py312h1_0_cuda"),
        conda("cupy-core", "13.4.1", "py312h1_0"),
        conda("pytorch", "2.13.0", "cuda129_py312_h1_300"),
        pip("flash-attn", "2.7.4"),
    )
    assert [need.cuda for need in found] == ["12.9", "12.9", "12.9", "12.9", ""]
    old = needs(conda("tensorflow", "2.4.1", "gpu_py39h1_0"), conda("cudatoolkit", "10.1.243"))
    assert old[0].cuda == "10.1"
    assert needs(conda("onnxruntime", "1.22.0", "py312h1_0_cuda"))[0].cuda == ""


def test_every_wheel_needs_the_glibc_of_its_tag():
    (found,) = needs(pip("numpy", "2.3.0", "numpy-2.3.0-cp313-cp313-manylinux_2_28_x86_64.whl"))
    assert (found.glibc, found.flavour, found.cuda) == ("2.28", "", "")
    wheel = "bitsandbytes-0.45.5-py3-none-manylinux_2_24_x86_64.whl"
    assert needs(pip("bitsandbytes", "0.45.5", wheel))[0].glibc == "2.24"


def test_code_for_gpus():
    def code(*packages: Package) -> tuple[str, ...]:
        compiled = needs(*packages)[0].compiled
        assert compiled is not None
        return compiled.cubins

    assert "7.0" in code(pip("torch", "2.10.0"))
    assert "7.0" not in code(pip("torch", "2.11.0"))
    assert "7.0" in code(pip("torch", "2.11.0+cu126"))
    assert "7.0" in code(conda("pytorch", "2.13.0", "cuda129_mkl_py311h1_300"))
    assert "10.0" not in code(pip("onnxruntime-gpu", "1.31.1"))


def test_hostile_names_and_versions_end_quickly():
    long = "+cu" * 20_000
    packages = [pip("torch", long), pip("nvidia-" + "a-" * 20_000, "1"), conda("x", "1", long)]
    packages += [pip("x" + "-cu" * 20_000, "1"), pip("nvidia-cuda-runtime", "x.y"), pip("cuda", "")]
    packages += [conda("cuda-version", "x"), conda("x", "1", depends=("cudatoolkit " * 9_000,))]
    assert not any(need.cuda or need.flavour for need in needs(*packages))


@pytest.mark.parametrize(
    "package",
    [
        pip("torch", "2.7.1"),
        pip("torch", "2.7.1+cu126"),
        pip("onnxruntime-gpu", "1.22.0"),
        pip("nvidia-cudnn-cu12", "9.1.0.70"),
        pip("tensorflow", "2.17.1"),
        conda("pytorch", "2.7.1", "cuda129_mkl_py311h1_300"),
        conda("cuda-version", "12.9"),
    ],
)
def test_a_need_names_its_source(package):
    assert needs(package)[0].source.startswith("https://")
