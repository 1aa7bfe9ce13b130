"""Findings about single lines of a manifest, how they are mended, and what they never show."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.actions.mend import mend
from conda_preflight.audit import audit
from conda_preflight.config import settings
from conda_preflight.grammar.environment_name import read, suggested
from conda_preflight.project import open_project
from conda_preflight.report import Report, Status
from conda_preflight.testing import TODAY, audit_files

STAGES = ("data", "pretrain", "train", "finetune", "eval", "infer", "serve")
PURPOSES = ("dev", "test", "staging", "prod")


def judge(text: str, rule: str, folder, name: str = "environment.yml") -> Report:
    return audit_files({name: text}, folder, rule)


def mended(text: str, rule: str, folder) -> str:
    list(mend(judge(text, rule, folder), folder))
    return (folder / "environment.yml").read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- numpy=>2.1", "- numpy>=2.1"),
        ('- "numpy=>2.1"  # why', '- "numpy>=2.1"  # why'),
        ("- 'conda-forge:numpy'", "- 'conda-forge::numpy'"),
        ("-   numpy>1<3", "-   numpy>1,<3"),
        ("- numpy (>=1)", "- numpy>=1"),
        ("- numpy='1.2'", "- numpy=1.2"),
        ("- numpy: 1.2", "- numpy: 1.2"),
        ("- ray[default]", "- ray[default]"),
        ("- numpy;python_version>'3'", "- numpy;python_version>'3'"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_specs_are_mended_where_the_meaning_is_clear(before, after, newline, tmp_path):
    frame = newline.join(["name: a", "dependencies:", "  {}", "  - python", ""])
    found = mended(frame.format(before), "manifest/invalid-spec", tmp_path)
    assert found == frame.format(after)


PIXI = '[workspace]\nname="a"\nchannels=["b"]\nplatforms=["linux-64"]\n[dependencies]\n'


@pytest.mark.parametrize(
    ("name", "text", "severity"),
    [
        ("environment.yml", "dependencies:\n  - numpy=>2.1\n", "warning"),
        ("environment.yml", "dependencies:\n  - b::numpy =>2.1\n", "warning"),
        ("environment.yml", "dependencies:\n  - numpy=>2.1,<3\n", "error"),
        ("environment.yml", "dependencies:\n  - numpy=!2.1\n", "error"),
        ("pixi.toml", PIXI + 'numpy = "=>2.1"\n', "error"),
    ],
)
def test_conda_reads_a_lone_turned_operator(name, text, severity, tmp_path):
    (finding,) = judge(text, "manifest/invalid-spec", tmp_path, name).findings
    assert finding.severity.value == severity


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("name: a\nprefix: /x\ndependencies: [b]\n", "name: a\ndependencies: [b]\n"),
        ("dependencies: [b]\nprefix: /x", "dependencies: [b]\n"),
        ("dependencies: [b]\nprefix: '/x'  # mine\n\n", "dependencies: [b]\n\n"),
        ("{name: a, prefix: /x}\n", "{name: a, prefix: /x}\n"),
        ("name: a\nprefix:\n  /x\n", "name: a\nprefix:\n  /x\n"),
    ],
)
def test_prefix_is_deleted_where_it_has_a_line_of_its_own(text, after, tmp_path):
    assert mended(text, "manifest/prefix-left-in", tmp_path) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("dependencies:\n  - a\n  - b\n  - a\n", "dependencies:\n  - a\n  - b\n"),
        ("dependencies:\n  - a=1\n  - 'a=1'\n  - b", "dependencies:\n  - a=1\n  - b"),
        ("dependencies:\n  - a\n  - a  # for b\n", "dependencies:\n  - a\n  - a  # for b\n"),
        ("dependencies:\n  - a\n  - a=1\n", "dependencies:\n  - a\n  - a=1\n"),
        ("dependencies: [a, a]\n", "dependencies: [a, a]\n"),
    ],
)
def test_the_second_of_two_equal_lines_is_deleted(text, after, tmp_path):
    assert mended(text, "manifest/duplicate-package", tmp_path) == after


SECRET = "hunter2hunter2"  # noqa: S105  (a made-up one)


@pytest.mark.parametrize(
    "text",
    [
        f"channels: ['https://me:{SECRET}@conda.example.org/x']\ndependencies: [a]\n",
        f"channels: ['https://conda.example.org/t/{SECRET}/x']\ndependencies: [a]\n",
        f"dependencies:\n  - https://me:{SECRET}@conda.example.org/x/linux-64/a-1-0.conda\n",
        f"dependencies:\n  - https://me:{SECRET}@conda.example.org/x::a\n",
        f"dependencies:\n  - pip:\n    - --index-url https://me:{SECRET}@w.example.org/simple\n",
        f"dependencies:\n  - pip:\n    - a @ git+https://me:{SECRET}@git.example.org/a\n",
        f"dependencies: [a]\nvariables:\n  DB_PASSWORD: {SECRET}\n",
    ],
)
def test_secrets_are_found_and_never_shown(text, tmp_path):
    report = judge(text, "manifest/credentials", tmp_path)
    assert [f.rule for f in report.findings] == ["manifest/credentials"]
    everything = audit(open_project(tmp_path, settings(tmp_path)), settings(tmp_path), TODAY)
    assert SECRET not in repr(report) + repr(everything)


@pytest.mark.parametrize(
    ("name", "fault", "better"),
    [
        ("chatbot_finetune_dev", "", "chatbot_finetune_dev"),
        ("speech_to_text_infer_prod", "", "speech_to_text_infer_prod"),
        ("infer_prod", "the project is missing", "project_infer_prod"),
        ("Chatbot_infer_prod", "only lower-case letters, digits and `_` belong in it", None),
        ("chatbot-infer-prod", "the stage and the purpose stand last, parted by `_`", None),
        ("prod_chatbot_infer", "the stage and the purpose stand last, parted by `_`", None),
        (
            "chatbot_inference_production",
            "the stage and the purpose stand last, parted by `_`",
            None,
        ),
        ("chatbot_infer", "the purpose is missing", ""),
        ("chatbot_dev", "the stage is missing", ""),
        ("chatbot", "the stage and the purpose are missing", ""),
        (
            "größe_infer_prod",
            "only lower-case letters, digits and `_` belong in it",
            "gr_e_infer_prod",
        ),
    ],
)
def test_names(name, fault, better):
    assert read(name, STAGES, PURPOSES) == fault
    expected = "chatbot_infer_prod" if better is None else better
    assert suggested(name, STAGES, PURPOSES) == expected


@given(st.text(max_size=80))
def test_a_suggestion_follows_the_scheme(name):
    better = suggested(name, STAGES, PURPOSES)
    assert not better or read(better, STAGES, PURPOSES) == ""


RULES = """
    name-scheme missing-channels licensed-channel defaults-first dead-channel prefix-left-in
    mixed-cuda-channels plain-http-channel credentials build-pinned undeclared-platforms
    wrong-platform duplicate-package contradictory-pins invalid-spec no-dependencies
    unknown-channel-in-spec
"""
_TEXT = st.text(max_size=30)
_WORDS = st.sampled_from(
    ["pytorch", "pytorch=>2", "a::pytorch", "cuda-nvcc=12.1", "pywin32", "libgcc-ng", "x=1=h1_0"]
)


@given(
    name=_TEXT,
    channels=st.lists(
        st.one_of(_TEXT, st.sampled_from(["defaults", "pytorch", "nvidia"])), max_size=4
    ),
    specs=st.lists(st.one_of(_TEXT, _WORDS), max_size=6),
    platforms=st.lists(st.one_of(_TEXT, st.just("osx-64")), max_size=2),
)
def test_no_check_breaks_on_any_text(tmp_path_factory, name, channels, specs, platforms):
    folder = tmp_path_factory.mktemp("hostile")

    (folder / "environment.yml").write_text(
        json.dumps(
            {"name": name, "channels": channels, "dependencies": specs, "platforms": platforms}
        )
    )
    chosen = replace(settings(folder), select=tuple(f"manifest/{rule}" for rule in RULES.split()))
    report = audit(open_project(folder, chosen), chosen, TODAY)
    assert not [o.reason for o in report.outcomes if o.status is Status.CRASHED]


def test_a_lock_is_asked_for_only_where_there_is_none(tmp_path):
    text, url = (
        "name: a\ndependencies: [scipy]\n",
        "https://conda.anaconda.org/conda-forge/linux-64",
    )
    (alone,) = judge(text, "manifest/unpinned-package", tmp_path).findings
    assert alone.problem.fix.endswith("`scipy=1.2`, or make a lock.")
    files = {
        "environment.yml": text,
        "conda-linux-64.lock": f"@EXPLICIT\n{url}/scipy-1.2-0.conda\n",
    }
    (locked,) = audit_files(files, tmp_path, "manifest/unpinned-package").findings
    assert locked.problem.fix.endswith("`scipy=1.2`.")
