"""Edges of the checks of locks that no manual page shows."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.project import open_project
from conda_preflight.report import Report, Status
from conda_preflight.testing import TODAY, audit_files

BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", BESIDE)) / "locks"
LIST = (
    "@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda\n"
)
MANIFEST = "channels: [conda-forge]\ndependencies:\n  - python=3.11\n"
PIXI = """\
version: 6
environments:
  default:
    channels: [{url: https://conda.anaconda.org/conda-forge/}]
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h1_0.conda
  test:
    channels: [{url: https://conda.anaconda.org/conda-forge/}]
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h1_0.conda
      - pypi: https://files.example.org/numpy-2.0.0-cp311-cp311-manylinux1_x86_64.whl
packages:
- conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h1_0.conda
- pypi: https://files.example.org/numpy-2.0.0-cp311-cp311-manylinux1_x86_64.whl
  name: numpy
  version: 2.0.0
"""


def messages(report: Report) -> list[str]:
    return [finding.problem.message for finding in report.findings]


def reasons(report: Report) -> list[str]:
    return [o.reason for o in report.outcomes if o.status is Status.SKIPPED]


def test_a_file_alone_is_not_blamed_for_its_missing_lock(tmp_path):
    file = tmp_path / "environment.yml"
    file.write_text(MANIFEST)
    settings = Settings(select=("lock/missing",))
    report = audit(open_project(file, settings), settings, TODAY)
    assert reasons(report) == ["only this file was audited"]
    lock = tmp_path / "elsewhere.lock"
    lock.write_text(LIST)
    named = replace(settings, lock=str(lock))
    assert not messages(audit(open_project(file, named), named, TODAY))


def test_a_broken_lock_is_not_a_missing_one(tmp_path):
    files = {"environment.yml": MANIFEST, "conda-lock.yml": "version: 1\npackage: 3\n"}
    assert reasons(audit_files(files, tmp_path, "lock/missing")) == [
        "conda-lock.yml cannot be read"
    ]


def test_a_file_with_several_environments_is_told_of_once(tmp_path):
    report = audit_files({"pixi.lock": PIXI}, tmp_path, "lock/unhashed")
    assert messages(report) == ["2 of 2 packages have no digest: numpy"]
    report = audit_files({"pixi.lock": PIXI}, tmp_path, "lock/asked-twice")
    assert len(messages(report)) == 1
    apart = PIXI.replace(
        "linux-64:\n      - conda: https://conda.anaconda.org/conda-forge/linux-64/"
        "numpy-1.26.4-py311h1_0.conda\n      - pypi",
        "linux-64:\n      - pypi",
    )
    assert not messages(audit_files({"pixi.lock": apart}, tmp_path, "lock/asked-twice"))


def test_one_finding_for_a_package_on_all_platforms(tmp_path):
    files = {
        "environment.yml": f"{MANIFEST}  - numpy\n  - pywin32  # [win]\n",
        "conda-lock.yml": "version: 1\nmetadata:\n  content_hash: {}\n"
        "  channels: [{url: conda-forge}]\n  platforms: [linux-64, osx-64]\n"
        "  sources: [environment.yml]\npackage:\n"
        + "".join(
            f"- name: python\n  version: 3.11.9\n  manager: conda\n  platform: {platform}\n"
            f"  url: https://conda.anaconda.org/conda-forge/{platform}/python-3.11.9-h1_0.conda\n"
            for platform in ("linux-64", "osx-64")
        ),
    }
    report = audit_files(files, tmp_path, "lock/stale")
    (finding,) = report.findings
    assert finding.problem.about == "numpy@linux-64+osx-64"
    assert finding.problem.location.path == "conda-lock.yml"
    assert "environment.yml:4 asks for `numpy`" in finding.problem.message


def test_a_changed_channel(tmp_path):
    lock = (
        "version: 1\nmetadata:\n  content_hash: {}\n  channels: [{url: defaults}]\n"
        "  platforms: [linux-64]\n  sources: [environment.yml]\npackage:\n"
        "- name: python\n  version: 3.11.9\n  manager: conda\n  platform: linux-64\n"
        "  url: https://repo.anaconda.com/pkgs/main/linux-64/python-3.11.9-h1_0.conda\n"
    )
    files = {"environment.yml": MANIFEST, "conda-lock.yml": lock}
    (message,) = messages(audit_files(files, tmp_path, "lock/stale"))
    assert "conda-forge, and the lock was made from defaults" in message


def test_no_credential_is_shown(tmp_path):
    url = "https://reader:s3cr3tpass@conda.example.org/team/linux-64/x-1.0-0.conda"
    for rule in ("lock/credentials", "lock/unhashed", "lock/foreign-channel"):
        files = {"environment.yml": MANIFEST, "conda-linux-64.lock": f"@EXPLICIT\n{url}\n"}
        report = audit_files(files, tmp_path, rule)
        assert report.findings
        assert all("s3cr3tpass" not in repr(finding.problem) for finding in report.findings)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of real locks is not here")
def test_no_check_crashes_on_real_locks():
    settings = Settings(select=("lock",))
    for file in sorted(CORPUS.glob("*")):
        if file.name != "index.csv":
            report = audit(open_project(file, settings), settings, TODAY)
            assert not [o for o in report.outcomes if o.status is Status.CRASHED]


def test_a_folder_that_the_lock_names_as_its_channel_is_a_choice(tmp_path):
    (tmp_path / "conda-lock.yml").write_text(
        "version: 1\nmetadata:\n  content_hash: {linux-64: '0'}\n"
        "  channels: [{url: 'file:///srv/channel', used_env_vars: []}]\n"
        "  platforms: [linux-64]\n  sources: [environment.yml]\npackage:\n"
        "- {name: x, version: '1', manager: conda, platform: linux-64, dependencies: {},\n"
        "   url: 'file:///srv/channel/linux-64/x-1-0.conda', hash: {sha256: '" + "0" * 64 + "'},\n"
        "   category: main, optional: false}\n"
        "- {name: y, version: '1', manager: conda, platform: linux-64, dependencies: {},\n"
        "   url: 'file:///home/somebody/linux-64/y-1-0.conda', hash: {sha256: '"
        + "1"
        * 64
        + "'},\n"
        "   category: main, optional: false}\n"
    )
    settings = Settings(select=("lock/yanked-or-moved",))
    report = audit(open_project(tmp_path, settings), settings, TODAY)
    assert [(f.problem.about, f.severity.value) for f in report.findings] == [
        ("local channel", "warning"),
        ("local path", "error"),
    ]
    assert all("that other machines reach" in f.problem.fix for f in report.findings)


def test_a_folder_that_is_chosen_as_an_index_of_pip_is_a_warning(tmp_path):
    (tmp_path / "environment.yml").write_text(
        "channels: [conda-forge]\ndependencies:\n  - pip:\n    - --find-links /srv/wheels\n"
        "    - --extra-index-url file:///srv/simple/\n    - a==1\n    - b==1\n    - c==1\n"
    )
    entries = "".join(
        f"- {{name: {name}, version: '1', manager: pip, platform: linux-64, dependencies: {{}},\n"
        f"   url: 'file://{folder}/{name}-1-py3-none-any.whl', hash: {{sha256: '{name * 64}'}},\n"
        "   category: main, optional: false}\n"
        for name, folder in (("a", "/srv/wheels"), ("b", "/srv/simple/b"), ("c", "/home/me"))
    )
    (tmp_path / "conda-lock.yml").write_text(
        "version: 1\nmetadata:\n  content_hash: {}\n  channels: [{url: conda-forge}]\n"
        f"  platforms: [linux-64]\n  sources: [environment.yml]\npackage:\n{entries}"
    )
    settings = Settings(select=("lock/yanked-or-moved",))
    report = audit(open_project(tmp_path, settings), settings, TODAY)
    assert [(f.problem.about, f.severity.value) for f in report.findings] == [
        ("local index", "warning"),
        ("local path", "error"),
    ]
