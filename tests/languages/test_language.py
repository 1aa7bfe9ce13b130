"""Which language is spoken, and that English pays nothing for the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conda_preflight.cli import run
from conda_preflight.language import of_environment, say, speaking, spoken, tag, word

TOP = Path(__file__).parents[2]
EXAMPLE = TOP / "examples" / "chatbot_finetune_dev"
PROGRAM = """
import sys
from conda_preflight.cli import run
code = run(sys.argv[1:])
print(sorted(name for name in sys.modules if "transl" in name), file=sys.stderr)
sys.exit(code)
"""


def audited(*arguments, **variables):
    """The command in a process of its own, and which modules it had imported."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "CONDA_"))}
    env = clean | {"COLUMNS": "80", "PYTHONUTF8": "1", "CONDA_PREFLIGHT_LEDGER": "off"} | variables
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_SG"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "zh_Hant_HK.UTF-8"}, "en"),
        ({"LANG": "zhuang"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "CONDA_PREFLIGHT_LANG": "en"}, "en"),
        ({"LANG": "C", "CONDA_PREFLIGHT_LANG": "zh"}, "zh"),
        ({"LANG": "C", "CONDA_PREFLIGHT_LANG": "zh-CN"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "CONDA_PREFLIGHT_LANG": "klingon"}, "en"),
    ],
)
def test_language_of_an_environment(variables, language):
    assert of_environment(variables) == language


def test_speaking_ends_with_its_block():
    with speaking("zh"):
        assert (spoken(), tag(), word("error")) == ("zh", "zh-Hans", "错误")
        assert say("{count} muted", count=3) == "3 项已静默"
        with speaking("en"):
            assert word("error") == "error"
        assert word("error") == "错误"
    assert (spoken(), tag(), word("error")) == ("en", "en", "error")
    assert say("{count} muted", count=3) == "3 muted"


def test_unknown_words_stay():
    with speaking("zh"):
        assert word("no such {text}") == "no such {text}"


def test_unknown_language_is_refused():
    with pytest.raises(ValueError, match="klingon"), speaking("klingon"):
        pass


def test_english_imports_no_translation():
    done = audited("audit", EXAMPLE)
    assert "NO-GO: " in done.stdout
    assert done.stderr == "[]\n"


def test_locale_decides():
    done = audited("audit", EXAMPLE, LANG="zh_CN.UTF-8")
    assert "`numpy` 没有写版本，所以可能安装任意版本" in done.stdout
    assert done.stderr == "['conda_preflight.translation']\n"


def test_option_beats_locale():
    done = audited("audit", EXAMPLE, "--lang", "en", LANG="zh_CN.UTF-8")
    assert "`numpy` has no version, so any may be installed" in done.stdout


def test_output_that_holds_no_chinese_is_english():
    ascii_alone = {"LANG": "zh_CN", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = audited("audit", EXAMPLE, "--lang", "zh", **ascii_alone)
    assert "NO-GO: " in done.stdout
    assert done.stderr.startswith("conda-preflight: this output cannot hold Chinese")


def test_machines_are_spoken_to_in_english(tmp_path):
    forms = ("json", "sarif", "junit", "github")
    made = {}
    for language in ("en", "zh"):
        files = [tmp_path / f"{language}.{form}" for form in forms]
        reports = [f"--report={form}={file}" for form, file in zip(forms, files, strict=True)]
        audited("audit", EXAMPLE, "--lang", language, *reports)
        made[language] = [file.read_bytes() for file in files]
    assert made["en"] == made["zh"]
    assert json.loads(made["zh"][0])["findings"][0]["message"].isascii()


def test_help_and_errors():
    told = audited("audit", "--lang", "zh", "--help").stdout
    assert told.startswith("用法：conda-preflight audit")
    assert "  --lang [en|zh]" in told
    assert "\n选项：\n" in told
    done = audited("--lang", "zh", "audit", "nowhere")
    assert done.returncode == 2
    assert done.stderr.startswith("conda-preflight: 没有 nowhere\n  写一个项目目录、文件或前缀。\n")
    wrong = audited("audit", "--formatted", LANG="zh_CN.UTF-8")
    assert "用“conda-preflight audit --help”查看帮助。" in wrong.stderr
    assert "错误：" in wrong.stderr


def test_page_of_a_rule():
    told = audited("explain", "manifest/missing-name", "--lang", "zh").stdout
    assert told.startswith("manifest/missing-name (")
    assert "清单没有给环境命名。" in told
    assert "The manifest does not name its environment." in told


@pytest.mark.parametrize(
    "words", ["image plan", "db status", "admission check", "serve token list"]
)
def test_a_command_of_a_group_takes_the_language_behind_it(words, capsys):
    assert run([*words.split(), "--lang", "zh", "--help"]) == 0
    assert capsys.readouterr().out.startswith("用法")
