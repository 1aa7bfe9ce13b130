"""Tables of facts: a row without a source or a status is refused."""

from __future__ import annotations

import pytest

from conda_preflight.facts.cuda import TOOLKITS
from conda_preflight.facts.drivers import branches, minor_compatibility, toolkits
from conda_preflight.facts.gpus import architectures, find, gpus
from conda_preflight.facts.table import FOLDER, checked, sources, table
from conda_preflight.facts.torch_builds import builds
from conda_preflight.facts.version_range import covers

OWN = ("sources", "conda_projects", "conda_needs", "pip_needs")
NAMES = sorted(file.stem for file in FOLDER.glob("*.csv") if file.stem not in OWN)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_source_and_a_status(name):
    assert table(name)


def test_every_source_says_what_it_is():
    assert all(row["what"] for row in sources().values())


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("x,,verified", r"t\.csv:2: no known source: none"),
        ("x,nobody,verified", r"t\.csv:2: no known source: nobody"),
        ("x,http://plain.example.org/,verified", r"t\.csv:2: no known source: http:"),
        ("x,known,sure", r"t\.csv:2: no known status: 'sure'"),
        ("x,known,", r"t\.csv:2: no known status: ''"),
        ("x,known", r"t\.csv:2: another number of columns"),
        ("x,known,verified,y", r"t\.csv:2: another number of columns"),
    ],
)
def test_a_row_without_them_is_refused(tmp_path, row, told):
    file = tmp_path / "t.csv"
    file.write_text(f"fact,source,status\n{row}\n")
    with pytest.raises(ValueError, match=told):
        checked(file, {"known": {"what": "a page"}})


def test_the_tables_hold_what_they_should():
    assert len(gpus()) == 85
    assert len(toolkits()) == 60
    assert minor_compatibility()[12].linux == "525.60.13"
    assert branches()["535"].ends == "2026-06"
    assert {(row.major, row.minor) for row in architectures()} >= {(7, 0), (9, 0), (12, 0)}
    assert {b.cuda for b in builds() if b.version == "2.7.1" and b.half == "pypi"} >= {"12.6"}


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("NVIDIA A100-SXM4-80GB", "8.0"),
        ("NVIDIA H100 80GB HBM3", "9.0"),
        ("Tesla V100-SXM2-32GB", "7.0"),
        ("NVIDIA GeForce RTX 4090", "8.9"),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", "8.9"),
        ("Tesla T4", "7.5"),
        ("NVIDIA L40S", "8.9"),
        ("NVIDIA GB200", "10.0"),
        ("NVIDIA RTX A6000", "8.6"),
        ("Quadro RTX 8000", "7.5"),
    ],
)
def test_gpus_by_the_names_that_drivers_give(name, capability):
    found = find(name)
    assert found is not None
    assert found.capability == capability


def test_what_tables_say_of_one_thing_agrees():
    """A wheel that was measured is for the CUDA that its metadata ask for."""
    default = {row["torch"]: row["cuda"] for row in table("torch_releases")}
    measured = [row for row in table("torch_measured") if row["cuda"]]
    assert [row for row in measured if default[row["torch"]] != row["cuda"]] == []
    kits = {".".join(row.cuda.split(".")[:2]) for row in toolkits()}
    named = {row["cuda"] for name in ("torch_releases", "torch_archs") for row in table(name)}
    assert named - {""} <= kits
    assert kits <= {f"{major}.{minor}" for major, minor in TOOLKITS}
    known = {f"{row.major}.{row.minor}" for row in architectures()}
    assert {model.capability for model in gpus()} <= known


def test_ranges_of_releases():
    assert covers("2.1", "2.6", "2.6.3")
    assert not covers("2.1", "2.6", "2.7.0")
    assert covers("2.7.1", "2.13", "2.13.2")
    assert not covers("2.7.1", "2.13", "2.7.0")
    assert covers("2.15", "2.15", "2.15.1")
    assert covers("0.0.35", "0.0.35", "0.0.35")
    assert not covers("0.0.35", "0.0.35", "0.0.35.post1")
    assert not covers("1", "2", "nightly")
