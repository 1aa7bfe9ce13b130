"""Trials against lock, prefix and machine, as an audit joins them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conda_preflight.testing import audit_files

SHEET = (Path(__file__).parent / "sheets" / "torch-cpu.json").read_text()
RULES = (
    "target/trial-doubled-library",
    "target/trial-failed",
    "target/trial-other-cuda",
    "target/trial-other-version",
    "target/trial-outside-library",
    "target/trial-outside-module",
    "target/fell-back-to-cpu",
    "target/unseen-gpu",
    "target/passed-against-tables",
)
CHOSEN = f"targets = ['node.json']\nselect = {json.dumps(RULES)}\n"


def sheet(**changes) -> str:
    """The sheet of a real machine without a GPU, with other facts."""
    return json.dumps({**json.loads(SHEET), **changes})


def trials(step, **facts) -> list[dict[str, object]]:
    """The real trials with other facts in one of them."""
    found = json.loads(SHEET)["trials"]
    for trial in found:
        if trial["step"] == step:
            trial.update({k: facts.pop(k) for k in ("status", "detail") if k in facts})
            trial["facts"].update(facts)
    return found


def findings(tmp_path, text, *packages):
    files = {"preflight.toml": CHOSEN, "node.json": text}
    if packages:
        lines = "".join(f"# pip {package}\n" for package in packages)
        files["conda-linux-64.lock"] = f"@EXPLICIT\n{lines}"
    report = audit_files(files, tmp_path, "target/trial-failed")
    assert not [o for o in report.outcomes if o.status.value == "crashed"]
    return {(f.rule.partition("/")[2], f.problem.about, f.severity.value) for f in report.findings}


def test_what_a_real_machine_did_agrees_with_its_lock(tmp_path):
    assert not findings(tmp_path, SHEET, "torch==2.13.0+cpu", "transformers==5.23.0")


def test_a_build_for_the_cpu_where_cuda_was_locked(tmp_path):
    found = findings(tmp_path, SHEET, "torch==2.13.0+cu130")
    assert found == {
        ("trial-other-version", "torch", "error"),
        ("trial-other-cuda", "torch", "error"),
    }


def test_the_same_trial_on_a_machine_with_a_gpu(tmp_path):
    gpus = [{"name": "NVIDIA A100", "capability": "8.0"}]
    assert findings(tmp_path, sheet(gpus=gpus)) == {("fell-back-to-cpu", "torch", "error")}


@pytest.mark.parametrize(
    ("wanted", "have", "differ"),
    [
        ("2.4.0", "2.4.0+cu121", False),
        ("2.4.0", "2.4", False),
        ("2.4.0+cu121", "2.4.0+cu118", True),
        ("2.4.0", "2.4.1", True),
        ("2.4.0.post1", "2.4.0", True),
        ("2.4.0", "unknown", False),
        ("2.4.0", "2.4.0a0+git123", False),
        ("24.04", "24.4", False),
    ],
)
def test_versions(tmp_path, wanted, have, differ):
    text = sheet(trials=trials("transformers.import", version=have))
    found = findings(tmp_path, text, f"transformers=={wanted}")
    assert (("trial-other-version", "transformers", "error") in found) is differ


def test_steps_that_fail_for_one_cause_are_one_finding(tmp_path):
    bad = {"status": "failed", "detail": "CUDA error: no kernel image is available for execution"}
    both = [{"step": step, **bad} for step in ("torch.matmul", "torch.conv2d", "torch.compile")]
    for each in both:
        each["detail"] += " on the device"
    text = sheet(trials=both)
    assert findings(tmp_path, text) == {("trial-failed", "no-kernel-image", "error")}


def test_a_kernel_that_not_every_model_uses_is_a_warning(tmp_path):
    text = sheet(trials=trials("torch.compile", status="failed", detail="no"))
    assert findings(tmp_path, text) == {("trial-failed", "torch.compile", "warning")}


def test_a_cpu_build_beside_a_framework_that_uses_the_gpu_is_a_note(tmp_path):
    others = [
        {"step": "torch.devices", "status": "passed", "facts": {"available": "yes"}},
        {"step": "onnxruntime.import", "status": "passed", "facts": {"build": "cpu"}},
        {"step": "onnxruntime.session", "status": "passed", "facts": {"device": "cpu"}},
    ]
    text = sheet(trials=others, gpus=[{"name": "L4"}])
    assert findings(tmp_path, text) == {("fell-back-to-cpu", "onnxruntime", "note")}


def test_seven_of_eight_gpus(tmp_path):
    seen = trials("torch.devices", status="passed", available="yes", devices="7")
    gpus = [{"name": "NVIDIA H100", "capability": "9.0"}] * 8
    told = ("unseen-gpu", "torch", "error")
    assert findings(tmp_path, sheet(trials=seen, gpus=gpus)) == {told}
    node = {"variable.CUDA_VISIBLE_DEVICES": "0,1,2,3,4,5,6"}
    told = ("unseen-gpu", "torch", "note")
    assert findings(tmp_path, sheet(trials=seen, gpus=gpus, node=node)) == {told}


def test_libraries_and_modules_from_elsewhere(tmp_path):
    text = sheet(
        trials=trials(
            "torch.import",
            **{
                "file": "/home/***/.local/lib/python3.11/site-packages/torch/__init__.py",
                "mapped.libcudart.so.12": "/usr/local/cuda/lib64/libcudart.so.12",
                "mapped.libcudart-0a1b2c3d.so.12": "lib/python3.11/site-packages/x/libcudart.so",
                "own.libstdc++.so.6.0.30": "lib/libstdc++.so.6",
            },
        )
    )
    assert findings(tmp_path, text) == {
        ("trial-outside-module", "torch", "error"),
        ("trial-outside-library", "libcudart.so.12", "warning"),
        ("trial-outside-library", "libstdc++.so.6.0.30", "error"),
        ("trial-doubled-library", "libcudart", "warning"),
    }


def test_a_pass_that_the_tables_did_not_expect(tmp_path):
    passed = trials("torch.matmul", device="cuda")
    for trial in passed:
        if trial["step"] == "torch.import":
            trial["facts"] |= {"build": "cuda", "cuda": "13.0", "version": "2.13.0+cu130"}
    passed = [trial for trial in passed if trial["step"] != "torch.devices"]
    text = sheet(trials=passed, driver="525.105.17", gpus=[{"name": "A100", "capability": "8.0"}])
    assert findings(tmp_path, text, "torch==2.13.0+cu130") == {
        ("passed-against-tables", "torch", "note")
    }
