"""Severities, edits and edges of the checks of pins and of the pip half."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conda_preflight.actions.mend import mend
from conda_preflight.catalog import checks
from conda_preflight.report import Status
from conda_preflight.testing import audit_files

CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", Path(__file__).parents[3] / "shared/corpus"))
MINE = tuple(check.rule.id for check in checks() if check.rule.family == "manifest")


def found(folder, rule, *lines, pip=(), files=None, channels=("conda-forge",)):
    """``severity about`` of each finding in a manifest of these conda and pip lines."""
    text = "channels: [" + ", ".join(channels) + "]\ndependencies:\n"
    text += "".join(f"  - {line}\n" for line in lines)
    if pip:
        text += "  - pip:\n" + "".join(f"      - '{line}'\n" for line in pip)
    report = audit_files({"environment.yml": text, **(files or {})}, folder, f"manifest/{rule}")
    assert not [o.reason for o in report.outcomes if o.status is Status.CRASHED]
    return [f"{f.severity.value} {f.problem.about}" for f in report.findings]


@pytest.mark.parametrize(
    ("line", "pinned"),
    [
        ("python=3.11", True),
        ("python 3.11.*", True),
        ("python==3.11.4", True),
        ("python~=3.11.2", True),
        ("python>=3.11,<3.12", True),
        ("python>=3.11.2,<3.12.0a0", True),
        ("python=3.11.*=*_cpython", True),
        ("conda-forge::python=3.11", True),
        ("python", False),
        ("python=3", False),
        ("python=3.*", False),
        ("python>=3.9", False),
        ("python>=3.9,<3.12", False),
        ("python<4", False),
        ("python 3.10|3.11", False),
        ("python~=3.9", False),
    ],
)
def test_what_counts_as_pinned_for_conda(line, pinned, tmp_path):
    assert found(tmp_path, "unpinned-core-package", line) == ([] if pinned else ["error python"])


@pytest.mark.parametrize(
    ("line", "pinned"),
    [
        ("torch==2.4.1", True),
        ("torch==2.4.1+cu121", True),
        ("torch===2.4.1", True),
        ("torch==2.4.*", True),
        ("torch~=2.4.0", True),
        ("torch>=2.4,<2.5", True),
        ("torch @ https://example.org/torch-2.4.1-cp311-cp311-linux_x86_64.whl", True),
        ("torch", False),
        ("torch[opt-einsum]", False),
        ("torch~=2.4", False),
        ("torch>=2.0,<3", False),
        ("torch!=2.4.0", False),
    ],
)
def test_what_counts_as_pinned_for_pip(line, pinned, tmp_path):
    got = found(tmp_path, "unpinned-core-package", "pip", pip=[line])
    assert got == ([] if pinned else ["error torch"])


def test_one_pin_is_enough_for_a_project(tmp_path):
    lines = ["python=3.11", "pytorch=2.4", "pytorch", "pytorch-gpu"]
    assert found(tmp_path, "unpinned-core-package", *lines, pip=["torch"]) == []


def test_several_selectors_need_a_pin_each(tmp_path):
    lines = ["pytorch-gpu=2.4  # [linux]", "pytorch-cpu  # [osx]"]
    assert found(tmp_path, "unpinned-core-package", *lines) == ["error pytorch-gpu"]


def test_a_lock_that_holds_it_makes_a_warning(tmp_path):
    lock = "@EXPLICIT\nhttps://example.org/conda-forge/linux-64/numpy-1.26.4-py311_0.conda\n"
    files = {"conda-linux-64.lock": lock}
    got = found(tmp_path, "unpinned-core-package", "numpy", "python", files=files)
    assert got == ["warning numpy", "error python"]


def test_requirements_alone_are_judged_as_hard(tmp_path):
    rule = "manifest/unpinned-core-package"
    alone = audit_files({"requirements.txt": "torch\n"}, tmp_path, rule).findings
    assert [f.severity.value for f in alone] == ["error"]


def test_requirements_beside_a_manifest_count_when_it_includes_them(tmp_path):
    files = {"requirements.txt": "torch\n"}
    beside = found(tmp_path / "a", "unpinned-core-package", "python=3.11", files=files)
    inside = found(
        tmp_path / "b",
        "unpinned-core-package",
        "python=3.11",
        pip=["-r requirements.txt"],
        files=files,
    )
    assert (beside, inside) == (["warning torch"], ["error torch"])


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("git+https://example.org/x/y", "error"),
        ("git+https://example.org/x/y@main", "error"),
        ("git+https://example.org/x/y@feature/v2", "error"),
        ("git+ssh://git@example.org/x/y.git", "error"),
        ("git+https://example.org/x/y@v1.2.0", "warning"),
        ("git+https://example.org/x/y@0.1.5#egg=y", "warning"),
        ("git+https://example.org/x/y@5b838a8", "warning"),
        ("git+https://example.org/x/y@" + "a" * 40, None),
        ("git+ssh://git@example.org/x/y.git@" + "0" * 40 + "#egg=y", None),
        ("y @ git+https://example.org/x/y@" + "a" * 40, None),
        ("https://example.org/y-1.0-py3-none-any.whl", "warning"),
        ("https://example.org/y-1.0-py3-none-any.whl#sha256=" + "a" * 64, None),
        ("https://github.com/x/y/archive/main.zip", "error"),
        ("https://github.com/x/y/archive/" + "a" * 40 + ".zip", "note"),
    ],
)
def test_what_moves(line, severity, tmp_path):
    got = found(tmp_path, "moving-requirement", "pip", pip=[line])
    assert [word.partition(" ")[0] for word in got] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("--extra-index-url https://wheels.example.org/simple", "error"),
        ("--extra-index-url=https://download.pytorch.org/whl/cu121", "note"),
        ("--extra-index-url https://download.pytorch.org.example.org/whl", "error"),
        ("--index-url https://wheels.example.org/simple", "warning"),
        ("-i http://wheels.example.org/simple", "error"),
        ("-f http://wheels.example.org/", "error"),
        ("-f https://data.pyg.org/whl/torch-2.4.0+cu124.html", "note"),
        ("-f wheels/", "warning"),
        ("--trusted-host wheels.example.org", "error"),
        ("--trusted-host localhost", "note"),
        ("--extra-index-url http://localhost:8080/simple", "error"),
        ("--pre", None),
    ],
)
def test_indexes(line, severity, tmp_path):
    got = found(tmp_path, "extra-index", "pip", pip=[line, "numpy==1.26.4"])
    assert [word.partition(" ")[0] for word in got] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("first", "severities"),
    [
        ("--index-url https://pypi.org/simple", []),
        ("--index-url https://download.pytorch.org/whl/cu126", ["note", "note"]),
        ("--index-url https://wheels.example.org/simple", ["warning", "warning"]),
    ],
)
def test_pypi_as_the_further_index(first, severities, tmp_path):
    lines = [first, "--extra-index-url https://pypi.org/simple", "torch==2.6.0"]
    got = found(tmp_path, "extra-index", "pip", pip=lines)
    assert [word.partition(" ")[0] for word in got] == severities
    assert "`pypi.org`" not in str(got)


def test_credentials_of_an_index_are_not_told(tmp_path):
    line = "--extra-index-url https://me:s3cret@wheels.example.org/simple"
    assert "s3cret" not in str(found(tmp_path, "extra-index", "pip", pip=[line]))


@pytest.mark.parametrize(
    ("conda", "pip", "severity"),
    [
        ("python=3.11", "flash-attn==2.5.6", "error"),
        ("python=3.11", "flash_attn", "error"),
        ("python=3.11", "mamba-ssm==1.2.0", "error"),
        ("python=3.11", "mamba-ssm==2.2.4", "warning"),
        ("python=3.11", "mamba-ssm", "warning"),
        ("pytorch=2.4", "flash-attn==2.5.6", "warning"),
        ("python=3.11", "apex", None),
        ("python=3.11", "git+https://github.com/NVIDIA/apex@v1", "warning"),
        ("python=3.11", "deepspeed==0.15.0", None),
    ],
)
def test_builds_that_import_torch(conda, pip, severity, tmp_path):
    got = found(tmp_path, "torch-at-build", conda, "pip", pip=["torch==2.4.1", pip])
    assert [word.partition(" ")[0] for word in got] == ([severity] if severity else [])


def test_an_older_pip_lets_a_build_see_torch_of_conda(tmp_path):
    lines = ["pytorch=2.4", "pip=24.2"]
    assert found(tmp_path, "torch-at-build", *lines, pip=["flash-attn==2.5.6"]) == []


@pytest.mark.parametrize(
    ("conda", "pip", "clash"),
    [
        ("numpy=1.26", "numpy==2.0.0", True),
        ("numpy<2", "numpy>=2", True),
        ("numpy=1.26", "numpy~=1.26.0", False),
        ("numpy=1.26", "numpy", False),
        ("pytorch=2.4", "torch==2.3.0", True),
        ("pytorch==2.4.0", "torch==2.4.0+cu121", False),
        ("certifi=2023.07.22", "certifi==2023.7.22", False),
        ("numpy=2.0.0rc1", "numpy==2.0rc1", False),
        ("opencv=4.10.0", "opencv-python==4.10.0.84", False),
        ("numpy=1.26  # [linux]", "numpy==2.0.0", False),
    ],
)
def test_what_contradicts(conda, pip, clash, tmp_path):
    got = found(tmp_path, "contradictory-requirements", conda, "pip", pip=[pip])
    assert bool(got) == clash


def test_duplicates_that_no_version_satisfies(tmp_path):
    pip = ["einops==0.8.0", "Einops==0.7.0", "six", "six>=1", "six[x]"]
    got = found(tmp_path, "duplicate-requirement", "pip", pip=pip)
    assert got == ["error einops", "warning six"]


def test_a_foreign_channel_may_have_a_name_of_pip(tmp_path):
    known = found(tmp_path / "a", "pip-only-package-in-conda", "torch")
    foreign = found(
        tmp_path / "b", "pip-only-package-in-conda", "torch", channels=("conda-forge", "ours")
    )
    assert (known, foreign) == (["error torch"], ["warning torch"])


def test_an_included_file_is_missed_only_in_a_whole_project(tmp_path):
    pip = ["-r lib/requirements.txt", "-c https://example.org/c.txt"]
    got = found(tmp_path, "included-file", "pip", pip=pip)
    assert got == ["error lib/requirements.txt", "warning https://example.org/c.txt"]


def test_paths_of_this_machine_are_errors(tmp_path):
    pip = ["./lib", "../lib", "/opt/lib", "~/lib", "file:///opt/x.whl"]
    got = found(tmp_path, "local-requirement", "pip", pip=pip)
    assert [word.partition(" ")[0] for word in got] == ["warning"] * 2 + ["error"] * 3


def test_what_can_be_mended_is_mended(tmp_path):
    text = 'dependencies:\n  - python=3.11\n  -   pip:\n      - "numpy=>1.24"  # why\n      - a=1\n'
    (tmp_path / "preflight.toml").write_text(
        'select = ["manifest/invalid-requirement", "manifest/missing-pip"]\n'
    )
    report = audit_files({"environment.yml": text}, tmp_path, "")
    assert list(mend(report, tmp_path))
    assert (tmp_path / "environment.yml").read_text() == (
        "dependencies:\n  - python=3.11\n  -   pip\n  -   pip:\n"
        '      - "numpy>=1.24"  # why\n      - a==1\n'
    )


OPTIONS = ("-r ", "-e ", "-c ", "--pre", "-f ", "-i ", "--trusted-host ")
NAMES = ("torch", "numpy", "flash-attn", "1.0", "2", "git+https://", "https://", "file://")
WORDS = st.sampled_from([*"-=<>!~@#;[]().,*|+/\\ '\"${}:\u00e9", *OPTIONS, *NAMES])
LINES = st.lists(st.lists(WORDS, max_size=8).map("".join), max_size=6)


@settings(max_examples=100, deadline=None)
@given(LINES, LINES)
def test_no_line_makes_a_check_crash(conda, pip):
    quoted = [["'" + line.replace("'", "''") + "'" for line in lines] for lines in (conda, pip)]
    text = "dependencies:\n" + "".join(f"  - {line}\n" for line in quoted[0])
    text += "  - pip:\n" + "".join(f"      - {line}\n" for line in quoted[1])
    chosen = ", ".join(f'"{rule}"' for rule in MINE)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "preflight.toml").write_text(f"select = [{chosen}]\n")
        files = {"environment.yml": text, "requirements.txt": "\n".join(pip)}
        report = audit_files(files, Path(folder), "")
    assert not [o for o in report.outcomes if o.status is Status.CRASHED]


@pytest.mark.corpus
@pytest.mark.skipif(not (CORPUS / "env").is_dir(), reason="the collection of real files is absent")
def test_errors_on_real_files_are_the_known_ones(tmp_path):
    expected = {
        ("kuleshov-group__mdlm__requirements.yaml", "manifest/torch-at-build"): 3,
        ("kuleshov-group__caduceus__caduceus_env.yml", "manifest/torch-at-build"): 2,
        ("kuleshov-group__caduceus__caduceus_env.yml", "manifest/invalid-requirement"): 1,
        ("pix2pixzero__pix2pix-zero__environment.yml", "manifest/invalid-requirement"): 1,
    }
    for (name, rule), count in expected.items():
        text = (CORPUS / "env" / name).read_text()
        report = audit_files({"environment.yml": text}, tmp_path, rule)
        errors = [f for f in report.findings if f.severity.value == "error"]
        assert len(errors) == count, (name, rule)
