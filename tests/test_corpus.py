"""Real files: all end in documents or a finding, no check crashes, known causes are named."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.project import open_project
from conda_preflight.report import Status

CORPUS = Path(
    os.environ.get("CONDA_PREFLIGHT_CORPUS", Path(__file__).parents[2] / "shared" / "corpus")
)
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="no collection of real files here"),
]

KNOWN = [
    ("CompVis__stable-diffusion__environment.yaml", "manifest/undeclared-platforms", 8),
    ("lllyasviel__ControlNet__environment.yaml", "manifest/undeclared-platforms", 8),
    ("YuliangXiu__ECON__environment-windows.yaml", "manifest/impossible-pytorch-cuda", 12),
    ("kuleshov-group__caduceus__caduceus_env.yml", "manifest/torch-at-build", 15),
    ("kuleshov-group__caduceus__caduceus_env.yml", "manifest/two-cuda-versions", 8),
    ("kuleshov-group__mdlm__requirements.yaml", "manifest/torch-at-build", 36),
    ("gordicaleksa__pytorch-original-transformer__environment.yml", "manifest/defaults-first", 3),
    ("samgoldman97__mist__environment.yml", "manifest/mkl-breaks-old-pytorch", 16),
]


def report_on(file):
    settings = Settings()
    return audit(open_project(file, settings), settings, date(2026, 11, 24))


@pytest.mark.parametrize("folder", ["env", "locks", "condarc", "dockerfiles"])
def test_every_file_ends_in_documents_or_a_finding(folder):
    files = [file for file in sorted((CORPUS / folder).iterdir()) if file.suffix != ".csv"]
    assert files
    for file in files:
        report = report_on(file)
        crashed = [o for o in report.outcomes if o.status is Status.CRASHED]
        assert not crashed, (file.name, crashed[0].rule, crashed[0].reason)
        told = any(f.rule.startswith("input/") for f in report.findings)
        assert told or [row for row in report.inputs if row.kind != "unknown"], file.name


@pytest.mark.parametrize(("name", "rule", "line"), KNOWN)
def test_the_cause_of_a_known_failure_is_named(name, rule, line):
    report = report_on(CORPUS / "env" / name)
    assert (rule, line) in [(f.rule, f.problem.location.line) for f in report.findings]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("aqlaboratory__openfold__environment.yml", "manifest/mkl-breaks-old-pytorch"),
        (
            "agentmorris__MegaDetector__envs__environment-detector.yml",
            "manifest/mkl-breaks-old-pytorch",
        ),
    ],
)
def test_a_file_that_carries_the_fix_is_not_blamed(name, rule):
    assert rule not in [f.rule for f in report_on(CORPUS / "env" / name).findings]
