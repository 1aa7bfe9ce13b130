"""The command: from files to a bill."""

from __future__ import annotations

import json

import pytest

from conda_preflight.cli import run

LOCK = """\
# platform: linux-64
@EXPLICIT
https://conda.example.org/conda-forge/linux-64/openssl-3.4.0-hb9d3cd8_0.conda#00000000000000000000000000000000
https://conda.example.org/conda-forge/noarch/tzdata-2024b-hc8b5060_0.conda#11111111111111111111111111111111
"""
MANIFEST = """\
name: demo
channels: [conda-forge]
dependencies:
  - python=3.11.9
  - numpy
  - pip:
      - fastapi==0.115.0
"""


def written(capsys, *arguments):
    assert run(["sbom", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def prefix(tmp_path):
    meta = tmp_path / "env" / "conda-meta"
    site = tmp_path / "env" / "lib" / "python3.11" / "site-packages" / "fastapi-0.115.0.dist-info"
    meta.mkdir(parents=True)
    site.mkdir(parents=True)
    record = {
        "name": "pytorch",
        "version": "2.1.0",
        "build": "0",
        "subdir": "linux-64",
        "files": ["lib/python3.11/site-packages/torch-2.1.0.post1.dist-info/METADATA"],
    }
    (meta / "pytorch-2.1.0-0.json").write_text(json.dumps(record))
    (site / "METADATA").write_text(
        "Name: fastapi\nVersion: 0.115.0\nClassifier: License :: OSI Approved :: MIT License\n"
        "Requires-Dist: torch\n"
    )
    (site / "INSTALLER").write_text("pip\n")
    return tmp_path / "env"


def test_a_lock(tmp_path, capsys):
    (tmp_path / "conda-linux-64.lock").write_text(LOCK)
    found = written(capsys, str(tmp_path))
    assert [c["name"] for c in found["components"]] == ["openssl", "tzdata"]
    assert found["metadata"]["lifecycles"] == [{"phase": "pre-build"}]
    assert found == written(capsys, str(tmp_path / "conda-linux-64.lock")) | {
        "metadata": found["metadata"],
        "serialNumber": found["serialNumber"],
    }


def test_a_manifest_has_versions_where_it_says_one(tmp_path, capsys):
    (tmp_path / "environment.yml").write_text(MANIFEST)
    found = written(capsys, str(tmp_path), "--format", "cyclonedx-1.7")
    versions = {c["name"]: c.get("version", "") for c in found["components"]}
    assert versions == {"python": "3.11.9", "numpy": "", "fastapi": "0.115.0"}
    assert found["metadata"]["component"]["name"] == "demo"


def test_a_prefix_has_its_projects_by_their_files(prefix, capsys):
    found = written(capsys, "--prefix", str(prefix))
    fastapi, torch = found["components"]
    identity = torch["evidence"]["identity"][0]["concludedValue"]
    assert identity == "pkg:pypi/torch@2.1.0.post1"
    assert fastapi["licenses"] == [{"license": {"id": "MIT"}}]
    assert {d["ref"]: d.get("dependsOn") for d in found["dependencies"]}[fastapi["bom-ref"]] == [
        torch["bom-ref"]
    ]


def test_a_bill_becomes_one_of_another_format(prefix, tmp_path, capsys):
    bill = tmp_path / "a.cdx.json"
    assert run(["sbom", "--prefix", str(prefix), "--output", str(bill)]) == 0
    found = written(capsys, str(bill), "--format", "spdx-2.3")
    assert [p["name"] for p in found["packages"]] == ["env", "pytorch", "fastapi"]


def test_the_time_is_that_of_the_variable(tmp_path, capsys, monkeypatch):
    (tmp_path / "conda-linux-64.lock").write_text(LOCK)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    found = written(capsys, str(tmp_path))
    assert found["metadata"]["timestamp"] == "1970-01-02T00:00:00+00:00"
    for wrong in ("soon", "-1", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        assert run(["sbom", str(tmp_path)]) == 2
        assert "SOURCE_DATE_EPOCH" in capsys.readouterr().err


def test_without_a_database_vulnerabilities_are_refused(tmp_path, capsys, monkeypatch):
    (tmp_path / "conda-linux-64.lock").write_text(LOCK)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("CONDA_PREFLIGHT_CACHE", str(tmp_path / "none"))
    assert run(["sbom", str(tmp_path), "--vulnerabilities"]) == 2
    assert "Vulnerabilities cannot be told" in capsys.readouterr().err
