"""What lines say about CUDA, and where conda takes pytorch from."""

from __future__ import annotations

import pytest

from conda_preflight.documents import Location, Manifest
from conda_preflight.facts.cuda import CHANNEL_PYTORCH, TOOLKITS, WHEEL_CUDA
from conda_preflight.facts.frameworks import OPEN_ENDED, torch_releases
from conda_preflight.grammar import match_spec, requirement
from conda_preflight.grammar.asked import by_conda
from conda_preflight.grammar.channel import channel
from conda_preflight.grammar.cpu_purpose import is_without_gpu
from conda_preflight.grammar.cuda_request import requests, toolkits
from conda_preflight.grammar.torch_origin import origin

HERE = Location("environment.yml", 1, 1)


def manifest(*specs: str, channels=(), pip=(), path="environment.yml") -> Manifest:
    return Manifest(
        path,
        "environment.yml",
        HERE,
        channels=tuple(channel(text, HERE) for text in channels),
        specs=tuple(match_spec.parse(text, HERE) for text in specs),
        pip=tuple(requirement.parse(text, HERE) for text in pip),
    )


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("=11.7.99", {(11, 7)}),
        ("==12.1", {(12, 1)}),
        ("12.4.*", {(12, 4)}),
        (">=11.7,<12", {(11, 7), (11, 8)}),
        ("11.3|11.8", {(11, 3), (11, 8)}),
        (">=12.4.99,<12.6", {(12, 4), (12, 5)}),
        ("=10", {(10, 0), (10, 1), (10, 2)}),
        ("=12.7", set()),
        ("=99999999999999999999.1", set()),
        ("^12.*$", set()),
    ],
)
def test_toolkits_of_a_constraint(constraint, expected):
    assert toolkits(constraint) == expected


@pytest.mark.parametrize(
    ("spec", "wording"),
    [
        ("pytorch-cuda=12.1", "CUDA 12.1"),
        ("pytorch=2.1.2=py3.10_cuda12.1_cudnn8.9.2_0", "CUDA 12.1"),
        ("torchvision=0.10.0=py38_cu111", "CUDA 11.1"),
        ("pytorch=2.0=*cuda11.7*", "CUDA 11.7"),
        ("pytorch=2.7.0=cuda129_mkl_py312_h1_300", "CUDA 12.9"),
        ("pytorch=2.1=cuda120*", "CUDA 12"),
        ("jaxlib>=0.4.31=cuda12*", "CUDA 12"),
        ("cudnn=7.6.5=cuda10.0_0", "CUDA 10"),
        ("dgl-cuda11.1", "CUDA 11.1"),
        ("nvidia/label/cuda-11.8.0::cuda-toolkit", "CUDA 11.8"),
        ("pytorch=1.12=py3.9_cpu_0", None),
        ("pytorch=*=*cuda*", None),
        ("cuda-nvcc", None),
        ("numpy=1.26=py311h64a7726_0", None),
    ],
)
def test_a_conda_spec(spec, wording):
    assert [r.wording for r in requests(manifest(spec))] == ([wording] if wording else [])


@pytest.mark.parametrize(
    ("line", "wording"),
    [
        ("torch==2.1.2+cu121", "CUDA 12.1"),
        ("torch-scatter==2.1.2+pt21cu118", "CUDA 11"),
        ("nvidia-cudnn-cu12==8.9.2.26", "CUDA 12"),
        ("nvidia-cuda-runtime-cu11==11.7.99", "CUDA 11.7"),
        ("nvidia-cuda-runtime==13.0.96", "CUDA 13.0"),
        ("cupy-cuda11x", "CUDA 11"),
        ("nvidia-dali-cuda120", "CUDA 12"),
        ("jax[cuda12_pip]==0.4.20", "CUDA 12"),
        ("jaxlib==0.4.20+cuda11.cudnn86", "CUDA 11"),
        ("--extra-index-url https://download.pytorch.org/whl/cu118", "CUDA 11.8"),
        ("-f https://data.pyg.org/whl/torch-2.1.0+cu121.html", "CUDA 12.1"),
        (
            "torch @ https://example.org/whl/cu118/torch-2.1.2%2Bcu118-cp310-cp310-l.whl",
            "CUDA 11.8",
        ),
        ("torch==2.1.2+cpu", None),
        ("torch==2.1.2", None),
        ("nvidia-ml-py==12.570.86", None),
        ("--extra-index-url https://download.pytorch.org/whl/cpu", None),
    ],
)
def test_a_requirement(line, wording):
    assert [r.wording for r in requests(manifest(pip=[line]))] == ([wording] if wording else [])


@pytest.mark.parametrize(
    ("channels", "spec", "expected"),
    [
        (["pytorch", "conda-forge"], "pytorch=2.0", "pytorch"),
        (["conda-forge", "pytorch"], "pytorch=2.1.2", "conda-forge"),
        (["conda-forge", "pytorch"], "pytorch=2.2.0", "pytorch"),
        (["pytorch", "conda-forge"], "pytorch=2.7", "conda-forge"),
        (["conda-forge"], "pytorch::pytorch=2.0", "pytorch"),
        (["conda-forge", "pytorch"], "pytorch=2.0=py3.9_cuda11.7_cudnn8.5.0_0", "pytorch"),
        (["https://conda.example.org/mirror/pytorch"], "pytorch=2.0", "pytorch"),
        (["nvidia", "bioconda", "pytorch"], "pytorch", "pytorch"),
        ([], "pytorch", "defaults"),
        (["https://example.org/open-ce/current", "pytorch"], "pytorch=1.13", "other"),
        (["pytorch-nightly"], "pytorch", "other"),
    ],
)
def test_origin_of_pytorch(channels, spec, expected):
    found = manifest(spec, channels=channels)
    assert origin(found, by_conda(found, "pytorch")[0]) == expected


@pytest.mark.parametrize(
    ("path", "specs", "expected"),
    [
        ("environment-cpu.yml", (), True),
        ("envs/environment_mac.yml", (), True),
        ("environment.yml", ("appnope=0.1.2",), True),
        ("environment.yml", ("pytorch",), False),
        ("env-cpulimit.yml", (), False),
    ],
)
def test_files_without_a_gpu(path, specs, expected):
    assert is_without_gpu(manifest(*specs, path=path)) is expected


def test_tables_agree_with_each_other():
    kits = {f"{major}.{minor}" for major, minor in TOOLKITS}
    assert all(set(cudas) <= kits for cudas in (*CHANNEL_PYTORCH.values(), *WHEEL_CUDA.values()))
    assert {row.cuda for row in torch_releases()} <= {*kits, ""}
    assert {row.series for row in torch_releases()} >= {*CHANNEL_PYTORCH, *WHEEL_CUDA}


def test_every_release_of_torchvision_belongs_to_one_torch():
    seen: dict[str, str] = {}
    for row in torch_releases():
        for version in row.vision.split():
            assert version in OPEN_ENDED or seen.setdefault(version, row.version) == row.version


def test_a_line_is_quoted_without_its_password():
    secret = "https://someone:" + "hunter2" * 20 + "@example.org/whl/cu118"
    found = requests(manifest(pip=[f"--index-url {secret}"]))
    assert [r.wording for r in found] == ["CUDA 11.8"]
    assert "hunter2" not in found[0].text
