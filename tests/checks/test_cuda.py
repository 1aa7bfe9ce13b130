"""Findings about CUDA and frameworks: severities, real failures, and hostile input."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conda_preflight import config
from conda_preflight.audit import audit
from conda_preflight.project import open_project
from conda_preflight.report import Status
from conda_preflight.testing import TODAY, audit_files

CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", Path(__file__).parents[3] / "shared/corpus"))
RULES = tuple(
    f"manifest/{name}"
    for name in (
        "two-cuda-versions",
        "cudatoolkit-with-pytorch-2",
        "no-gpu-build-asked",
        "pip-gpu-build-unstated",
        "conda-cuda-beside-pip-torch",
        "impossible-pytorch-cuda",
        "mkl-breaks-old-pytorch",
        "unmatched-torch-family",
        "two-frameworks",
        "python-too-new",
        "numpy2-with-old-framework",
    )
)


def severities(text: str, rule: str, folder, name: str = "environment.yml") -> list[str]:
    report = audit_files({name: text}, folder, f"manifest/{rule}")
    return [finding.severity.value for finding in report.findings]


def manifest(*specs: str, channels: str = "conda-forge") -> str:
    lines = "".join(f"  - {spec}\n" for spec in specs)
    return f"channels: [{channels}]\ndependencies:\n{lines}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (manifest("cuda-nvcc=11.7.99", "pytorch-cuda=12.1"), ["error"]),
        (manifest("cuda-nvcc=12.4.99", "pytorch-cuda=12.1"), ["warning"]),
        (manifest("pytorch=2.0.1=py3.10_cuda11.7_cudnn8.5.0_0", "pytorch-cuda=11.8"), ["error"]),
        (manifest("cuda-version=12.6=3", "cuda-cudart=11.8.89=0", "pytorch-cuda=11.8=0"), []),
        (manifest("cuda-version>=12", "pytorch=2.5=cuda126*"), []),
        (manifest("pytorch-cuda=12.1", channels="nvidia/label/cuda-11.8.0, nvidia"), []),
        (manifest("cudatoolkit=11.3", "pip", "pip: [torch==2.0.1+cu118]"), []),
        (manifest("cudatoolkit=11.3", "pip", "pip: [torch==2.1.2+cu121]"), ["error"]),
    ],
)
def test_two_cuda_versions(text, expected, tmp_path):
    assert severities(text, "two-cuda-versions", tmp_path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (manifest("cuda-version=12.7"), ["error"]),
        (manifest("cuda-version=13.9"), []),
        (manifest("cudatoolkit>=12"), ["error"]),
        (manifest("cudatoolkit=11.*"), []),
        (manifest("pytorch-cuda=12.6", channels="pytorch-nightly, nvidia"), []),
        (manifest("pytorch::pytorch=2.6", "pytorch-cuda=12.4"), ["error"]),
        (manifest("pytorch=2.6", "pytorch-cuda=12.4", channels="pytorch, conda-forge"), []),
        (manifest("pytorch", "pytorch-cuda=11.7", channels="pytorch, nvidia"), []),
        (manifest("pytorch=1.9.1", "cudatoolkit=11.1", channels="pytorch, nvidia"), []),
    ],
)
def test_impossible_builds(text, expected, tmp_path):
    assert severities(text, "impossible-pytorch-cuda", tmp_path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch==2.8.0\ntorchvision==0.23.0\ntorchaudio==2.8.0\n", 0),
        ("torch==2.0.1\ntorchvision\n", 0),
        ("torch==2.15.0\ntorchvision==0.29.1\ntorchaudio==2.11.0\n", 0),
        ("torch==2.99.0\ntorchvision==0.29.2\n", 0),
        ("torch==2.1.0a0+nv23.9\ntorchvision==0.16.0a0\n", 0),
        ("torch==2.3.0; sys_platform=='linux'\ntorchvision==0.17.2; sys_platform=='darwin'\n", 0),
        ("torch==2.1.0\ntorchvision==0.15.2\ntorchaudio==2.0.2\n", 2),
        ("torch<2\ntorchvision>=0.15\n", 1),
    ],
)
def test_the_torch_family(text, expected, tmp_path):
    found = severities(text, "unmatched-torch-family", tmp_path, "requirements.txt")
    assert found == ["error"] * expected


REBUILT = ("pytorch=2.10.0", "torchaudio=2.9.1")


@pytest.mark.parametrize(
    ("channels", "expected"), [("conda-forge", ["warning"]), ("pytorch", ["error"])]
)
def test_only_conda_forge_builds_a_release_again(channels, expected, tmp_path):
    text = manifest(*REBUILT, channels=channels)
    assert severities(text, "unmatched-torch-family", tmp_path) == expected


def explicit(channel: str) -> str:
    files = ("pytorch-2.10.0-cpu_py311_1", "torchaudio-2.9.1-cpu_py311_1")
    folder = f"https://conda.anaconda.org/{channel}/linux-64"
    return "\n".join(("@EXPLICIT", *(f"{folder}/{file}.conda" for file in files), ""))


@pytest.mark.parametrize(
    ("channel", "expected"), [("conda-forge", ["warning"]), ("pytorch", ["error"])]
)
def test_a_list_of_urls_does_not_tell_for_what_it_was_built(channel, expected, tmp_path):
    files = {"conda-linux-64.lock": explicit(channel)}
    report = audit_files(files, tmp_path, "target/unmatched-torch-family")
    assert [finding.severity.value for finding in report.findings] == expected


NVIDIAS = ("cuda-cudart=11.8.89", "cuda-version=12.5", "pytorch-cuda=11.8")


@pytest.mark.parametrize(
    ("channels", "expected"), [("pytorch, nvidia", []), ("conda-forge, nvidia", ["error"])]
)
def test_only_conda_forges_cuda_version_bounds_others(channels, expected, tmp_path):
    text = manifest(*NVIDIAS, channels=channels)
    assert severities(text, "two-cuda-versions", tmp_path) == expected


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        (("python=3.9", "pytorch=2.0.1"), ["warning"]),
        (("python=3.9", "pytorch=2.0.1", "mkl=2025.0"), ["error"]),
        (("python=3.9", "pytorch=2.0.1", "mkl=2024.0"), []),
        (("python=3.9", "pytorch=2.0.1", "nomkl"), []),
        (("python=3.9", "pytorch=2.0.1", "appnope"), []),
        (("python=3.9", "pytorch=2.5"), []),
    ],
)
def test_mkl(specs, expected, tmp_path):
    text = manifest(*specs, channels="pytorch, conda-forge")
    assert severities(text, "mkl-breaks-old-pytorch", tmp_path) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("--extra-index-url https://download.pytorch.org/whl/cu126\ntorch\n", []),
        ("--extra-index-url https://download.pytorch.org/whl/cu121\ntorch>=2\n", ["warning"]),
        ("-i https://download.pytorch.org/whl/cpu\ntorch\n", []),
        ("torch; sys_platform == 'darwin'\n", []),
        ("torch; sys_platform != 'darwin'\n", ["warning"]),
        ("tensorflow==2.12.0\n", []),
        ("torch==2.6.0\n", ["note"]),
    ],
)
def test_wheels_without_a_build(lines, expected, tmp_path):
    assert severities(lines, "pip-gpu-build-unstated", tmp_path, "requirements.txt") == expected


def test_a_build_that_the_dockerfile_states(tmp_path):
    files = {
        "requirements.txt": "torch==2.1.2\n",
        "Dockerfile": "FROM python:3.11\n"
        "RUN pip install -r requirements.txt -i https://download.pytorch.org/whl/cu121\n",
    }
    assert not audit_files(files, tmp_path, "manifest/pip-gpu-build-unstated").findings


@pytest.mark.parametrize(
    ("python", "expected"),
    [("=3.11.4", []), (">=3.8,<3.12", []), (">=3.12", ["error"]), ("=3.12.1", ["error"]), ("", [])],
)
def test_python(python, expected, tmp_path):
    text = manifest(f"python{python}", "pip", "pip: [torch==2.0.1]")
    assert severities(text, "python-too-new", tmp_path) == expected


NAMES = "pytorch torch torchvision torchaudio cudatoolkit pytorch-cuda cuda-nvcc mkl numpy python"
WORD = st.text(st.sampled_from("0123456789.=<>!~*,|+cuda_py^$ []#\\'"), max_size=24)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(NAMES.split()), WORD, st.booleans()), max_size=8))
def test_no_text_breaks_a_check(tmp_path, lines):
    conda = [f"  - {name + word!r}\n" for name, word, is_conda in lines if is_conda]
    pip = [f"      - {name + word!r}\n" for name, word, is_conda in lines if not is_conda]
    text = "channels: [pytorch]\ndependencies:\n  - pip\n" + "".join(conda)
    text += "  - pip:\n" + "".join(pip) if pip else ""
    (tmp_path / "environment.yml").write_text(text)
    chosen = config.settings(tmp_path, {"select": RULES})
    report = audit(open_project(tmp_path, chosen), chosen, TODAY)
    assert not [(o.rule, o.reason) for o in report.outcomes if o.status is Status.CRASHED]


KNOWN = {
    "YuliangXiu__ECON__environment-windows.yaml": {"impossible-pytorch-cuda": "error"},
    "kuleshov-group__mdlm__requirements.yaml": {"two-cuda-versions": "warning"},
    "kuleshov-group__caduceus__caduceus_env.yml": {
        "two-cuda-versions": "error",
        "conda-cuda-beside-pip-torch": "warning",
    },
    "samgoldman97__mist__environment.yml": {"mkl-breaks-old-pytorch": "warning"},
    "aqlaboratory__openfold__environment.yml": {"mkl-breaks-old-pytorch": None},
    "agentmorris__MegaDetector__envs__environment-detector.yml": {"mkl-breaks-old-pytorch": None},
}


@pytest.mark.corpus
@pytest.mark.parametrize("name", KNOWN)
def test_real_failures(name):
    file = CORPUS / "env" / name
    if not file.is_file():
        pytest.skip("the collection of real files is not here")
    for rule, expected in KNOWN[name].items():
        chosen = config.settings(file.parent, {"select": (f"manifest/{rule}",)})
        report = audit(open_project(file, chosen), chosen, TODAY)
        found = [finding.severity.value for finding in report.findings]
        assert found == ([expected] if expected else []), rule
