"""Rules about what a README says of the environment, at the edges of their pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lock_builder import conda_lock, package

from conda_preflight.actions import docs
from conda_preflight.audit import audit
from conda_preflight.config import Settings, settings
from conda_preflight.grammar.section_cells import cells, plain
from conda_preflight.grammar.told_requirement import told_requirements
from conda_preflight.project import open_project
from conda_preflight.report import Report

DAY = date(2026, 11, 24)
MANIFEST = "name: bot\nchannels: [conda-forge]\ndependencies: [python=3.11, pytorch=2.6]\n"
LOCK = conda_lock(
    package("python", "3.11.9", build="h1_0_cpython"),
    package("pytorch", "2.6.0", build="cuda126_mkl_py311_h8bb5dc9_300"),
)


def project(root: Path, readme: str, lock: str = LOCK) -> Path:
    (root / "environment.yml").write_text(MANIFEST)
    (root / "conda-lock.yml").write_text(lock)
    (root / "README.md").write_text(readme)
    return root


def found(root: Path, *rules: str) -> Report:
    chosen = Settings(select=rules or ("docs",))
    return audit(open_project(root, chosen), chosen, DAY)


def told(root: Path, *rules: str) -> list[str]:
    return [finding.problem.message for finding in found(root, *rules).findings]


def written(root: Path) -> Path:
    [*docs.written(docs.draft(root, settings(root), DAY))]
    return root


def test_a_section_that_was_just_written_is_true(tmp_path):
    report = found(written(project(tmp_path, "# Bot\n")))
    assert [finding.problem.message for finding in report.findings] == []
    ran = {o.rule for o in report.outcomes if o.status.value == "passed"}
    assert "docs/out-of-date" in ran


def test_a_newer_lock_makes_it_false_with_what_differs(tmp_path):
    root = written(project(tmp_path, "# Bot\n"))
    newer = LOCK.replace("3.11.9", "3.11.10").replace("cuda126", "cuda128")
    (root / "conda-lock.yml").write_text(newer)
    (message,) = told(root)
    assert message == (
        "The section was written for another conda-lock.yml: "
        "Python 3.11.9, where the lock has 3.11.10; "
        "PyTorch 2.6.0, built for CUDA 12.6, where the lock has 2.6.0, built for CUDA 12.8; "
        "CUDA 12.6, where the lock has 12.8; "
        "NVIDIA driver 560.28.03 or newer, or 525.60.13 or newer by minor-version compatibility, "
        "where the lock has 570.26 or newer, or 525.60.13 or newer by minor-version compatibility"
    )


def test_a_lock_that_differs_in_nothing_told_is_told_by_its_digest(tmp_path):
    root = written(project(tmp_path, "# Bot\n"))
    (root / "conda-lock.yml").write_text(LOCK + "# touched\n")
    (finding,) = found(root).findings
    assert finding.problem.message == "The section was written for another conda-lock.yml"
    assert "SHA-256 of" in finding.excerpt


def test_a_section_in_a_folder_of_a_larger_tree_is_compared_with_its_own_lock(tmp_path):
    (tmp_path / "bot").mkdir()
    (tmp_path / "other").mkdir()
    written(project(tmp_path / "bot", "# Bot\n"))
    project(tmp_path / "other", "# Other\n", LOCK.replace("3.11.9", "3.11.1"))
    assert told(tmp_path, "docs/out-of-date") == []
    (tmp_path / "bot" / "conda-lock.yml").unlink()
    assert told(tmp_path, "docs/out-of-date") == [
        "The section speaks of conda-lock.yml, which is not in the project"
    ]


def test_broken_marks_are_told(tmp_path):
    root = written(project(tmp_path, "# Bot\n"))
    text = (root / "README.md").read_text()
    (root / "README.md").write_text(text.replace("<!-- conda-preflight:end -->\n", ""))
    assert told(root) == ["The section that begins here has no end"]


CLEAR = {
    "Bot requires Python 3.10+.": "python >=3.10",
    "You will need Python 3.8 or later. Install it.": "python >=3.8",
    "It supports **Python 3.9 or newer**": "python >=3.9",
    "- Python >= 3.10": "python >=3.10",
    "* [Python](https://python.org/3.9) 3.9 or greater": "python >=3.9",
    "It needs CUDA toolkit 11.8": "cuda 11.8.*",
    "It works with Python < 3.12": "python <3.12",
    "Supports Python \u2265 3.10": "python >=3.10",
}
UNCLEAR = [
    "It no longer supports Python 3.7.",
    "Supports Python 3.8 to 3.12.",
    "Supports Python 3.8, 3.9 and 3.10.",
    "It requires Python 3.8-3.11.",
    "If you need Python 3.8, take version 1.",
    "It requires CUDA 11.8 or 12.1.",
    "| requires Python 3.8 |",
    "[![requires Python 3.8](https://x)](https://y)",
    "We ran it on Python 3.9 in our benchmarks.",
    "- Python 3.9",
    "- Python 3.9 and a lot of patience",
    "Requires Python 3 knowledge of 2.7 idioms, Python 2.7 too",
]


@pytest.mark.parametrize(("row", "meant"), CLEAR.items())
def test_clear_words_are_read(row, meant):
    (one,) = told_requirements([row])
    assert f"{one.technology} {one.release}" == meant


@pytest.mark.parametrize("row", UNCLEAR)
def test_words_that_could_mean_something_else_are_left_alone(row):
    assert [*told_requirements([row])] == []


def test_headings_say_what_a_list_is():
    rows = [
        "## Requirements",
        "- CUDA 11.8",
        "```",
        "- CUDA 10.2",
        "```",
        "## News",
        "- Python 3.6+",
    ]
    assert [one.release for one in told_requirements(rows)] == ["11.8.*"]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_is_read(rows):
    assert all(one.line for one in told_requirements(rows))
    assert all(cell.line for cell in cells(rows))
    assert all("\n" not in plain(row.replace("\n", " ")) for row in rows)


@pytest.mark.parametrize(
    "row",
    ["requires " * 100_000, "- python " + "3." * 100_000, "|" * 300_000, "`" * 300_000],
    ids=["verbs", "numbers", "bars", "ticks"],
)
def test_a_line_that_is_longer_than_people_write_is_not_read(row):
    assert [*told_requirements([row])] == []
    assert all(len(cell.text) <= 20_000 for cell in cells(["| a | b |", row]))


@pytest.mark.parametrize(
    ("readme", "messages"),
    [
        (
            "```bash\nconda env create -f environment.yml\npip install torch==2.1.0\n```\n",
            ["People are told to install `torch==2.1.0`, and the project has 2.6.0"],
        ),
        ("```bash\npip install torch==2.6.0+cu126\n```\n", []),
        ("```bash\npip install torch==2.6\n```\n", []),
        ("```bash\npip install torch==2.1 # old\npip install torch==2.6.0\n```\n", []),
        ("```bash\nconda install pytorch=2.6 -c pytorch\n```\n", []),
        (
            "```bash\nconda install pytorch=2.5 -c pytorch\n```\n",
            ["People are told to install `pytorch=2.5`, and the project has 2.6.0"],
        ),
        ("```bash\nconda create -n bot python=3.8\n```\n", []),
    ],
)
def test_releases_on_command_lines(tmp_path, readme, messages):
    assert told(project(tmp_path, readme), "docs/other-version") == messages


def test_python_of_the_own_environment_is_told_once(tmp_path):
    root = project(tmp_path, "```bash\nconda create -n bot python=3.8\n```\n")
    rules = [f.rule for f in found(root, "docs", "joint").findings]
    assert rules.count("joint/python-disagrees") == 1
    assert "docs/other-version" not in rules


def test_a_readme_without_a_word_is_told_beside_a_manifest_only(tmp_path):
    root = project(tmp_path, "# Bot\n\nIt answers.\n")
    assert len(told(root, "docs/no-word")) == 1
    (root / "docs").mkdir()
    (root / "docs" / "install.md").write_text("Use conda.\n")
    assert told(root, "docs/no-word") == []


CI = """\
on: push
jobs:
  lint:
    steps:
      - run: pip install torch==2.0.0
  test:
    steps:
      - run: conda env create -f environment.yml
      - run: conda run -n bot pip install {}
"""
IMAGE = """\
FROM mambaorg/micromamba:2.3.2
COPY conda-lock.yml /tmp/
RUN micromamba create -y -p /opt/env -f /tmp/conda-lock.yml
RUN micromamba run -p /opt/env pip install {}
"""


@pytest.mark.parametrize("path", [".github/workflows/test.yml", "Dockerfile"])
@pytest.mark.parametrize(
    ("word", "messages"),
    [
        ("torch==2.1.0", ["`torch==2.1.0` is installed over the environment, which has 2.6.0"]),
        ("torch==2.6.0", []),
        ("einops==0.8.0", []),
        ("torch==$TORCH", []),
        ("--target /opt/other torch==2.1.0", []),
    ],
)
def test_what_is_installed_over_the_lock(tmp_path, path, word, messages):
    root = project(tmp_path, "# Bot, see environment.yml\n")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text((IMAGE if path == "Dockerfile" else CI).format(word))
    assert told(root, "docs/other-version") == messages


def test_a_script_that_makes_the_environment_and_changes_it(tmp_path):
    root = project(tmp_path, "# Bot, see environment.yml\n")
    script = "conda env create -f environment.yml\nconda install -n bot pytorch=2.5\n"
    (root / "setup.sh").write_text(f"#!/bin/sh\n{script}")
    assert told(root, "docs/other-version") == [
        "`pytorch=2.5` is installed over the environment, which has 2.6.0"
    ]
    (root / "setup.sh").write_text(f"#!/bin/sh\n{script.replace('-n bot pytorch', '-n x pytorch')}")
    assert told(root, "docs/other-version") == []
