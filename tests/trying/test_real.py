"""The real frameworks on a CPU: each step that can run there runs, and none pretends a GPU."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conda_preflight.testing.channel.real import download_wheels
from conda_preflight.trying.program.steps import STEPS, needed
from conda_preflight.trying.trials import try_prefix

pytestmark = pytest.mark.slow

TORCH = "torch==2.13.0+cpu"
ON_GPU = {"torch.devices", "torch.copy", "torch.attention.efficient", "torch.attention.cudnn"}


def prefix_of(folder: Path, *requirements: str) -> Path:
    """A prefix of this Python with the contents of wheels."""
    command = [sys.executable, "-m", "venv", "--without-pip", folder]
    subprocess.run(command, check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for wheel in download_wheels(requirements):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
    return folder


def tried(prefix: Path, *names: str) -> dict[str, tuple[str, dict[str, str]]]:
    found = try_prefix(prefix, names, device="cpu")
    return {trial.step: (trial.status, dict(trial.facts)) for trial in found}


@pytest.mark.parametrize(
    "requirements", [(TORCH, "transformers", "requests", "pip"), ("torch>=2.1,<2.14",)], ids=len
)
def test_torch(tmp_path, requirements):
    found = tried(prefix_of(tmp_path / "prefix", *requirements), "torch", "inference")
    statuses = {name: status for name, (status, _) in found.items()}
    assert {name for name, status in statuses.items() if status == "not-tried"} == ON_GPU
    assert {s for name, s in statuses.items() if name not in ON_GPU} == {"passed"}
    facts = {name: told for name, (_, told) in found.items()}
    assert facts["torch.import"]["version"] == facts["torch.import"]["recorded"] == "2.13.0+cpu"
    assert facts["torch.devices"]["available"] == "no"
    assert (facts["torch.all-reduce"]["backend"], facts["torch.all-reduce"]["ranks"]) == (
        "gloo",
        "2",
    )
    assert len(facts["inference"]["tokens"].split()) == 16
    assert ("transformers" in requirements) == facts["inference"]["decoder"].startswith("transf")
    assert facts["inference"]["compared"] == "CPU with CPU, without a GPU"


@pytest.mark.parametrize(
    ("requirement", "step"),
    [
        ("onnxruntime==1.*", "onnxruntime.session"),
        ("jax[cpu]", "jax.matmul"),
        ("tensorflow-cpu", "tensorflow.matmul"),
    ],
)
def test_a_framework_computes_rightly_on_the_cpu(tmp_path, requirement, step):
    found = tried(prefix_of(tmp_path / "prefix", requirement), step)
    status, facts = found[step]
    assert (status, facts["device"]) == ("passed", "cpu"), found
    name = step.partition(".")[0]
    assert found[f"{name}.import"][1]["file"].startswith("lib/python")


def test_a_prefix_with_one_framework_has_no_other(tmp_path):
    found = tried(prefix_of(tmp_path / "prefix", "onnxruntime==1.*"), *STEPS)
    mine = {"python", "numpy.import", "onnxruntime.import", "onnxruntime.session"}
    assert {found[name][0] for name in mine} == {"passed"}
    assert {status for name, (status, _) in found.items() if name not in mine} == {"not-installed"}
    assert needed("inference") == ("torch",)
