"""How heavy a finding about a freeze is: by the name of the environment, and in an image."""

from __future__ import annotations

import json

import pytest
from tests.freezing.frozen_tree import make

from conda_preflight.cli import run


def severities(path, capsys):
    run(["audit", str(path), "--select", "freeze", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return {finding["rule"]: finding["severity"] for finding in found}


@pytest.mark.parametrize(
    ("name", "severity"),
    [("chat_train_dev", "note"), ("chat_infer_prod", "error"), ("chat-serve-production", "error")],
)
def test_a_name_decides(tmp_path, capsys, name, severity):
    prefix = make(tmp_path / name)
    found = severities(prefix, capsys)
    assert found["freeze/conda-can-change"] == found["freeze/pip-can-change"] == severity
    assert run(["freeze", str(prefix)]) == 0
    capsys.readouterr()
    assert severities(prefix, capsys) == {}


def test_an_image_is_built_to_be_run(tmp_path, capsys):
    make(tmp_path / "opt" / "env")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "os-release").write_text("ID=debian\n")
    assert severities(tmp_path, capsys) == {
        "freeze/conda-can-change": "warning",
        "freeze/pip-can-change": "warning",
    }
