"""What commands other than audit say in Chinese; JSON is English in each language."""

from __future__ import annotations

import json
import re

import pytest
from clean_machine import cached_package, empty_environment
from lock_builder import conda_lock, package
from tests.freezing.frozen_tree import make

from conda_preflight.answers import fleet_sheets, prove_text, rebuild_text, sheet, sheet_page
from conda_preflight.cli import run
from conda_preflight.fleet.answers import NodeAnswer
from conda_preflight.fleet.outcome import compared
from conda_preflight.language import speaking
from conda_preflight.proving.outcome import Change, Proof, Result
from conda_preflight.rebuilding.outcome import Build, Comparison, Digests, Rebuilt, Trial
from conda_preflight.writers.ink import Ink

OLD = conda_lock(package("app", "1.0", "lib >=1"), package("lib", "1.0"))
NEW = conda_lock(package("app", "2.0", "lib >=1"), package("lib", "1.0"), package("more", "3"))

PEN = Ink(100, colour=False, unicode=True)


def english(text):
    """Two English words beside each other, outside commands."""
    return re.findall(r"[a-z]+ [a-z]+", re.sub(r"`[^`]*`", "", text))


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


MADE = Rebuilt(
    lock="conda-lock.yml",
    platform="linux-64",
    environment="",
    packages={"conda": 3, "pypi": 1},
    digests=Digests(sha256=4, size=2_000_000, cached=4),
    builds=(Build(10, 5_000_000, 1.0),),
    trials=(Trial("import app", 1, passed=True, seconds=0.5),),
    comparison=Comparison(10, {"text of the prefix": ("bin/app",)}),
)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("3 conda packages and 1 pip package, 2.0 MB of archives",)),
        ("en", ("4 of 4 digests verified, 4 cached", "prefix 1: 10 files, 5.0 MB, 1.0 s")),
        ("en", ("1 of 1 smoke test passed, 0.5 s", "1 text of the prefix")),
        ("en", ("0 unexplained differences, 1 explained, 10 paths compared",)),
        ("en", ("Reproducible: both prefixes are the same.",)),
        ("zh", ("3 个 conda 软件包、1 个 pip 软件包，下载包共 2.0 MB",)),
        ("zh", ("4 个摘要中校验了 4 个，缓存 4 个", "1 处前缀的路径文本")),
        ("zh", ("可复现：两个前缀相同。",)),
    ],
)
def test_rebuild(language, lines):
    with speaking(language):
        text = rebuild_text.write(MADE, Ink(100, colour=False, unicode=True))
    assert all(line in text for line in lines), text


def test_init(said, tmp_path):
    asked = ("--project", "chat", "--stage", "prod", "--purpose", "infer", "--task", "vllm")
    code, text = said("init", str(tmp_path / "chat"), *asked, "--hardware", "a100", "--dry-run")
    assert (code, text.startswith("chat_infer_prod（什么也没有写）\n")) == (0, True)
    assert "  新增  environment.yml\n" in text
    assert "下一步：\n" in text


def test_fleet_of_nodes():
    answers = [
        NodeAnswer("a", report={"verdict": "GO"}, measured={"driver": "550.1"}),
        NodeAnswer("b", report={"verdict": "GO"}, measured={"driver": "535.1"}),
        NodeAnswer("c", report={"verdict": "GO"}, measured={"driver": "550.1"}),
        NodeAnswer("d", "timed out", "no answer in 5 seconds"),
    ]
    with speaking("zh"):
        parts = fleet_sheets.sheets(compared("x", answers))
        text = "\n".join(sheet.text(each, PEN) for each in parts)
        page = sheet_page.html(fleet_sheets.title(compared("x", answers)), parts)
    assert "不同之处：驱动" in text
    assert "超时：5 秒内没有回答" in text
    assert "b：535.1" in text
    assert "NO-GO：4 个节点，2 个 GO，1 个 NO-GO，1 个 UNKNOWN\n" in text
    assert not english(text)
    assert '<header class="verdict no-go"><h1>NO-GO</h1>\n<p><strong>4 个节点' in page


@pytest.mark.slow
def test_fleet_of_projects(said):
    pytest.importorskip("ray", reason="the extra ray is not installed")
    text = said("fleet", "--projects", "*", "--results", "kept")[1]
    assert "最常出现的规则" in text
    assert "3 个项目" in text
    assert "每个项目：kept" in text


def test_history(said, monkeypatch, tmp_path):
    monkeypatch.setenv("CONDA_PREFLIGHT_LEDGER", str(tmp_path / "ledger.db"))
    for side in ("old", "new"):
        assert said("audit", side, "-q")[0] in {0, 1, 2}
    assert "1 条记录" in said("history", "old")[1]
    assert "2 个项目" in said("history", "--projects")[1]
    assert "没有记录含有 nothing；" in said("history", "old", "--package", "nothing")[1]
    text = said("history", "1", "2")[1]
    assert text.startswith("记录 1（")
    assert ("它们属于两个项目：" in text, "1 个升级\n" in text) == (True, True)
    whole = said("history", "--verify")[1]
    assert "完整：2条记录，" in re.sub(r"\s", "", whole)  # its path may fill the line
    assert english(whole) == []
    page = said("history", "1", "2", "--format", "json")[1]
    assert json.loads(page)["old"].startswith("record 1 (")


def test_image_plan(tmp_path, capsys):
    tool = package("cmake", "3.31", platform="linux-64")
    (tmp_path / "conda-lock.yml").write_text(conda_lock(tool, package("app", "1.0", "cmake")))
    words = ("--lang", "zh", "image", "plan", str(tmp_path), "--budget", "5")
    assert run(words) == 2
    text, said = capsys.readouterr()
    assert "2 个软件包，大小未知，共 1 层" in text.replace("\n", "")
    assert "  cmake  ?，编译器，被 app 需要\n" in text
    assert "无法判断是否放得下" in said
    run([*words, "--format", "markdown"])
    assert "| 层级 | 大小 | 软件包 |" in capsys.readouterr().out


def test_freeze(said, tmp_path):
    make(tmp_path / "prefix")
    first = said("freeze", "prefix", "--for", "shared")[1]
    assert first.startswith("prefix 已冻结，用途：共享。\n  已写出：")
    assert "写权限保留：" in first
    again = said("freeze", "prefix", "--for", "shared")[1]
    assert again.startswith("prefix 早已冻结，用途：共享。\n")
    assert said("unfreeze", "prefix")[1] == "prefix 已恢复到冻结之前的样子。\n"
    assert said("unfreeze", "prefix")[1] == "prefix 没有冻结。\n"


def test_freeze_prove():
    changed = Result("a file deleted", "by hand", "changed", changes=(Change("bin/x", "gone"),))
    untried = Result("pixi install", "pixi", "not tried", "it is not installed")
    with speaking("zh"):
        text = prove_text.write(Proof("/p", "nobody", 3, (changed, untried)), PEN)
    assert "删除一个文件：改动了它：bin/x (消失)" in text
    assert "pixi install：没有尝试：没有安装它" in text
    assert "没有冻结住：1 次尝试中有 1 次改动了它；有 1 次无法进行。" in text


def test_clean(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "conda"
    empty_environment(root)
    cached_package(root / "pkgs", "left")
    words = ("--lang", "zh", "clean", "--root", str(root))
    assert run(words) == 0
    text = capsys.readouterr().out
    assert "将释放：2 项，从大到小\n" in text
    assert "没有环境共用它的文件" in text
    assert re.search(r"^软件包 +1 ", text, re.MULTILINE)
    assert re.search(r"可以立即释放 .*。什么也没有改动：用 --yes 执行。", text)
    assert run([*words, "--yes"]) == 0
    assert capsys.readouterr().out.startswith("释放了 ")
    assert run([*words, "--undo"]) == 2
    assert run([*words, "--empty-trash"]) == 0
    assert capsys.readouterr().out == "回收站是空的。\n"


def test_probe(said):
    code, text = said("probe", "--format", "text")
    assert (code, text.startswith("系统      ")) == (0, True)
    assert "事实清单中另有 " in text
    assert said("probe", "--format", "json")[1].isascii()
