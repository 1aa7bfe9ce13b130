"""``init``: what it writes is a GO, and what is there stays."""

from __future__ import annotations

import subprocess

import pytest
from benchmarks.scaffolds import judged, machines, made, projects

from conda_preflight.cli import run
from conda_preflight.documents import Manifest
from conda_preflight.errors import UsageError
from conda_preflight.facts.tasks import TASKS
from conda_preflight.intake import read_directory
from conda_preflight.report import Severity, Verdict
from conda_preflight.scaffolding.answers import Answers, machine
from conda_preflight.scaffolding.stack import server, stack

PROD = ("--project", "Chat Bot", "--stage", "prod", "--purpose", "infer")
NLP = (*PROD, "--task", "nlp", "--hardware", "a100")
SAMPLE = (
    ("train", "k80"),
    ("job", "cpu"),
    ("nlp", "a100"),
    ("cv", "jetson-orin"),
    ("speech", "apple"),
    ("fastapi", "windows-cpu"),
    ("vllm", "h100"),
    ("sglang", "gb200"),
    ("ray-serve", "rtx-4090"),
    ("mlflow", "cpu-aarch64"),
)


def snapshot(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def is_go(answers, folder):
    try:
        made(answers, folder)
    except UsageError as error:
        return f"refused: {error.message}"
    report = judged(folder)
    errors = [f for f in report.findings if f.severity is Severity.ERROR and not f.muted]
    assert not errors, (answers, [f.problem.message for f in errors])
    assert report.verdict is Verdict.GO, answers
    return "GO"


@pytest.mark.parametrize(("task", "hardware"), SAMPLE)
def test_each_task_is_a_go(tmp_path, task, hardware):
    for purpose in ("dev", "prod"):
        answers = Answers("chatbot", "infer", purpose, TASKS[task], machine(hardware), "")
        assert is_go(answers, tmp_path / purpose) == "GO"


@pytest.mark.slow
def test_every_task_machine_and_purpose_is_a_go(tmp_path):
    told = [is_go(each, tmp_path / str(n)) for n, each in enumerate(projects())]
    assert told.count("GO") > 800
    assert {text.split(":")[0] for text in told} == {"GO", "refused"}


def test_only_hardware_that_nothing_runs_on_is_refused():
    refused = []
    for each in machines():
        try:
            stack(each, "")
        except UsageError:
            refused.append(each.name)
    assert refused == ["jetson-agx-xavier", "jetson-tx2", "jetson-nano"]
    with pytest.raises(UsageError, match="no code for cpu"):
        server("vllm", machine("cpu"))
    assert server("vllm", machine("v100")).torch == "2.10.0"
    assert stack(machine("k80"), "").cuda == "11.8"
    assert stack(machine("jetson-thor"), "").cuda == "13.0"
    assert stack(machine("jetson-orin"), "").board == "tegra"


def test_the_words_of_the_name_may_be_given_in_either_order(tmp_path, capsys):
    for one, other in (("prod", "infer"), ("infer", "prod")):
        words = ("--project", "Chat Bot", "--stage", one, "--purpose", other)
        where = tmp_path / one
        assert run(["init", str(where), *words, "--task", "job", "--hardware", "cpu"]) == 0
        manifest = next(d for d in read_directory(where) if isinstance(d, Manifest))
        assert manifest.name.text == "chat_bot_infer_prod"
    assert "conda-preflight lock" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--task", "job"), "--purpose is missing"),
        (("--purpose", "dev", "--hardware", "cpu"), "--task is missing"),
        (("--purpose", "dev", "--task", "job"), "--hardware is missing"),
        (("--purpose", "dev", "--task", "job", "--hardware", "a10O"), "Did you mean"),
        (("--purpose", "dev", "--task", "knitting", "--hardware", "cpu"), "no task 'knitting'"),
        (("--purpose", "beta", "--task", "job", "--hardware", "cpu"), "'beta' is neither a stage"),
        (("--purpose", "dev", "--stage", "prod", "--task", "job"), "the same kind of thing"),
        ((*NLP, "--python", "2.7"), "no stack for Python '2.7'"),
        ((*PROD, "--task", "nlp", "--hardware", "k80", "--python", "3.14"), "--python 3.12"),
        ((*PROD, "--task", "vllm", "--hardware", "cpu"), "no code for cpu"),
        (("--project", "***", "--purpose", "dev", "--task", "job", "--hardware", "cpu"), "no name"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(tmp_path, capsys, arguments, said):
    where = tmp_path / "x"
    assert run(["init", str(where), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not where.exists()


def test_nothing_that_is_there_is_replaced_unless_told(tmp_path, capsys):
    (tmp_path / "environment.yml").write_text("name: mine\n")
    (tmp_path / "README.md").write_text("# Mine\n\nWords.\n")
    assert run(["init", str(tmp_path), *NLP]) == 0
    out = capsys.readouterr().out
    assert "kept  environment.yml" in out
    assert "2 files were there already" in out
    assert (tmp_path / "environment.yml").read_text() == "name: mine\n"
    assert (tmp_path / "README.md").read_text() == "# Mine\n\nWords.\n"
    assert run(["init", str(tmp_path), *NLP, "--force"]) == 0
    assert "name: chat_bot_infer_prod" in (tmp_path / "environment.yml").read_text()
    readme = (tmp_path / "README.md").read_text()
    assert readme.startswith("# Mine\n\nWords.\n\n<!-- conda-preflight:begin -->\n")
    before = snapshot(tmp_path)
    assert run(["init", str(tmp_path), *NLP, "--force"]) == 0
    assert snapshot(tmp_path) == before


def test_a_section_of_a_readme_is_replaced_and_the_rest_stays(tmp_path):
    head, tail = "# Mine\n\n<!-- conda-preflight:begin -->\nold\n", "\n## More\n\nText"
    (tmp_path / "README.md").write_text(f"{head}<!-- conda-preflight:end -->{tail}")
    assert run(["init", str(tmp_path), *NLP, "--force"]) == 0
    text = (tmp_path / "README.md").read_text()
    assert "old" not in text
    assert text.startswith("# Mine\n\n<!-- conda-preflight:begin -->\n## Environment\n")
    assert text.endswith(f"<!-- conda-preflight:end -->{tail}")


def test_broken_marks_of_a_readme_stop_it(tmp_path, capsys):
    (tmp_path / "README.md").write_text("<!-- conda-preflight:begin -->\n")
    assert run(["init", str(tmp_path), *NLP, "--force"]) == 2
    assert "README.md:1: The section that begins here has no end" in capsys.readouterr().err
    assert list(snapshot(tmp_path)) == [(tmp_path / "README.md").relative_to(tmp_path)]


def test_dry_runs_write_nothing(tmp_path, capsys):
    where = tmp_path / "new"
    assert run(["init", str(where), *NLP, "--dry-run"]) == 0
    assert "new  Dockerfile" in capsys.readouterr().out
    assert run(["init", str(where), *NLP, "--diff"]) == 0
    assert "+name: chat_bot_infer_prod" in capsys.readouterr().out
    assert not where.exists()


def test_links_out_of_the_folder_are_not_followed(tmp_path, capsys):
    outside = tmp_path / "outside"
    outside.write_text("mine")
    where = tmp_path / "new"
    where.mkdir()
    (where / "environment.yml").symlink_to(outside)
    assert run(["init", str(where), *NLP, "--force"]) == 2
    assert "environment.yml" in capsys.readouterr().err
    assert outside.read_text() == "mine"
    assert [p.name for p in where.iterdir()] == ["environment.yml"]


def test_folders_that_were_made_for_nothing_are_taken_away(tmp_path, capsys):
    where = tmp_path / "new"
    where.mkdir()
    (where / "Dockerfile").mkdir()
    assert run(["init", str(where), *NLP]) == 2
    assert "Dockerfile" in capsys.readouterr().err
    assert [p.name for p in where.iterdir()] == ["Dockerfile"]


def test_a_folder_that_is_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert run(["init", str(tmp_path / "file"), *NLP]) == 2
    assert "is no folder" in capsys.readouterr().err


def test_under_version_control_it_is_a_go_too(tmp_path, capsys):
    git = ("git", "-C", str(tmp_path))
    subprocess.run((*git, "init", "--quiet"), check=True)
    assert run(["init", str(tmp_path), *NLP]) == 0
    assert f"git add {tmp_path}" in capsys.readouterr().out
    subprocess.run((*git, "add", "."), check=True)
    report = judged(tmp_path)
    assert report.verdict is Verdict.GO
    dockerfile = (tmp_path / "Dockerfile").read_text()
    assert "conda-preflight image dockerfile --task nlp --force" in dockerfile
