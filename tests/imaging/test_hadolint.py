"""hadolint beside our own rules."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from conda_preflight.cli import run
from conda_preflight.engines.hadolint import HadolintProgram, find
from conda_preflight.errors import Skip
from conda_preflight.facts.tasks import TASKS

TEXT = "FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl\n"


def test_its_findings_come_under_their_ids(tmp_path: Path, capsys):
    (tmp_path / "Dockerfile").write_text(TEXT)
    assert run(["audit", str(tmp_path), "--select", "image/hadolint", "--format", "json"]) == 0
    told = capsys.readouterr().out
    assert '"DL3008"' in told
    assert '"DL3006"' not in told


def test_a_name_alone_is_no_secret(tmp_path: Path, capsys):
    (tmp_path / "Dockerfile").write_text(
        "FROM debian:12-slim\nENV TOKENIZERS_PARALLELISM=false HF_TOKEN=hf_abcdefghijklmnopqrstuv\n"
    )
    run(["audit", str(tmp_path), "--select", "image/hadolint,image/secret", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["rule"], each["about"]) for each in found] == [("image/secret", "HF_TOKEN")]


def test_the_written_dockerfile_is_clean(tmp_path: Path):
    program = find()
    assert isinstance(program, HadolintProgram)
    lines = [
        "@EXPLICIT",
        f"https://conda.example.org/c/linux-64/python-3.11.9-h1_0.conda#{'1' * 32}",
    ]
    (tmp_path / "conda-linux-64.lock").write_text("\n".join([*lines, ""]))
    digest = f"@sha256:{'a' * 64}"
    bases = ["--base", f"debian:12-slim{digest}", "--builder", f"mambaorg/micromamba:2{digest}"]
    for task in TASKS:
        words = ["image", "dockerfile", str(tmp_path), *bases, "--task", task, "--force"]
        assert run(words) == 0
        assert program.remarks((tmp_path / "Dockerfile").read_text()) == ()


@pytest.mark.parametrize("answer", ["", "not json", '[{"code": 1}]', '{"a": 1}', "[[[["])
def test_answers_that_are_none(tmp_path: Path, answer):
    program = tmp_path / "hadolint"
    program.write_text(f"#!/bin/sh\ncat >/dev/null\nprintf '%s' '{answer}'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(Skip):
        HadolintProgram(str(program)).remarks("FROM x")
