"""What commands other than audit say in Chinese; JSON is English in each language."""

from __future__ import annotations

import json

import pytest
from lock_builder import conda_lock, package

from conda_preflight.cli import run

OLD = conda_lock(package("app", "1.0", "lib >=1"), package("lib", "1.0"))
NEW = conda_lock(package("app", "2.0", "lib >=1"), package("lib", "1.0"), package("more", "3"))


@pytest.fixture
def said(tmp_path, capsys, monkeypatch):
    """The exit code and the output of a command beside two locks and a manifest."""
    for side, text in (("old", OLD), ("new", NEW)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "conda-lock.yml").write_text(text)
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "environment.yml").write_text("name: x\ndependencies: [app=1]\n")
    monkeypatch.chdir(tmp_path)

    def command(*words):
        code = run([*words, "--lang", "zh"])
        return code, capsys.readouterr().out

    return command


def test_why(said):
    code, text = said("why", "lib", "new")
    assert (code, "lib 1.0" in text, "  └─ lib 1.0  >=1" in text) == (0, True, True)
    assert "没有别的需要它" in text
    assert said("why", "nothing", "new")[1].endswith("其中没有 nothing。\n")
    assert "没有锁文件就无从得知" in said("why", "lib", "only")[1]
    page = said("why", "lib", "new", "--format", "markdown")[1]
    assert page.startswith("## conda-lock.yml in new：`lib`\n")


def test_diff(said):
    code, text = said("diff", "old", "new")
    assert (code, "1 个新增\n" in text, "1 个升级\n" in text) == (0, True, True)
    assert "2 → 3 个软件包" in text
    assert "没有差异。" in said("diff", "old", "old")[1]
    page = said("diff", "old", "new", "--format", "markdown")[1]
    assert page.startswith("## 环境：2 个软件包有变化\n")
    assert "| 软件包 | 旧 | 新 | 大小 |" in page


def test_json_is_english(said):
    for words in (("why", "lib", "new"), ("diff", "old", "new")):
        text = said(*words, "--format", "json")[1]
        assert text.isascii()
        assert json.loads(text)
