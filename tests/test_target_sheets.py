"""Targets as people name them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conda_preflight.documents import GPU, Host
from conda_preflight.errors import UsageError
from conda_preflight.target_sheets import hosts


def host(named: str, sheets: dict[str, dict[str, object]] | None = None) -> Host:
    (found,) = (doc for doc in hosts((named,), sheets or {}) if isinstance(doc, Host))
    return found


@pytest.mark.parametrize(
    ("name", "capability", "subdir", "memory"),
    [
        ("a100", "8.0", "linux-64", 0),
        ("A100-40GB", "8.0", "linux-64", 40 * 1024),
        ("NVIDIA A100-SXM4-80GB", "8.0", "linux-64", 80 * 1024),
        ("h100", "9.0", "linux-64", 80 * 1024),
        ("h200", "9.0", "linux-64", 141 * 1024),
        ("b200", "10.0", "linux-64", 180 * 1024),
        ("gb200", "10.0", "linux-aarch64", 186 * 1024),
        ("l4", "8.9", "linux-64", 24 * 1024),
        ("l40s", "8.9", "linux-64", 48 * 1024),
        ("t4", "7.5", "linux-64", 16 * 1024),
        ("v100", "7.0", "linux-64", 0),
        ("rtx-4090", "8.9", "linux-64", 24 * 1024),
        ("RTX 5090", "12.0", "linux-64", 32 * 1024),
        ("jetson", "8.7", "linux-aarch64", 0),
        ("jetson-thor", "11.0", "linux-aarch64", 128 * 1024),
    ],
)
def test_gpus_by_name(name, capability, subdir, memory):
    found = host(name)
    assert found.gpus is not None
    (gpu,) = found.gpus
    assert (gpu.capability, gpu.memory_mib, found.subdir) == (capability, memory, subdir)
    assert (found.driver, found.glibc, found.shm_mib) == ("", "", None)


def test_machines_without_a_gpu():
    assert (host("cpu").gpus, host("cpu").subdir) == ((), "linux-64")
    assert (host("apple").gpus, host("apple").subdir) == ((), "osx-arm64")


def test_facts_beside_a_name():
    found = host("h100,driver=535.104.05,glibc=2.31,count=8,shm_mib=64")
    assert (found.driver, found.glibc, found.shm_mib) == ("535.104.05", "2.31", 64)
    assert len(found.gpus or ()) == 8
    assert found.title == "h100,driver=535.104.05,glibc=2.31,count=8,shm_mib=64"


def test_a_sheet_of_the_settings_over_what_it_is_like():
    sheets: dict[str, dict[str, object]] = {
        "base": {"like": "a100-80gb", "glibc": "2.31"},
        "prod": {"like": "base", "driver": "525.105.17", "count": 4},
    }
    found = host("prod", sheets)
    assert (found.name, found.driver, found.glibc) == ("prod", "525.105.17", "2.31")
    assert found.gpus == (GPU("A100", "8.0", 81920),) * 4
    assert host("prod,glibc=2.17", sheets).glibc == "2.17"


def test_files_of_many_sheets(tmp_path: Path):
    rows = [{"name": "one", "driver": "525.60.13"}, {"gpus": []}]
    (tmp_path / "nodes.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    (tmp_path / "other.json").write_text('{"schema": "conda-preflight/host/1", "name": "two"}')
    found = [doc for doc in hosts((str(tmp_path),), {}) if isinstance(doc, Host)]
    names = [doc.title for doc in found]
    assert names == ["one", "nodes.jsonl:2", "two"]
    assert found[1].location.line == 2


def test_a_file_is_called_by_its_path_in_the_project(tmp_path: Path):
    file = tmp_path / "sheets" / "node.json"
    file.parent.mkdir()
    file.write_text('{"schema": "conda-preflight/host/1", "driver": "525.60.13"}')
    places = ((), (tmp_path.resolve(),), (tmp_path.resolve() / "sheets", tmp_path.resolve()))
    titles = [
        found.title
        for place in places
        for found in hosts((str(file),), {}, place)
        if isinstance(found, Host)
    ]
    assert titles == ["node.json", "sheets/node.json", "node.json"]


@pytest.mark.parametrize(
    ("named", "told", "hint"),
    [
        ("a1000", "no target", "Did you mean"),
        ("a100,drivr=535", "'drivr'", "driver"),
        ("a100,driver", "no fact", "NAME,driver="),
        ("a100,driver=new", "version", ""),
        ("cpu,count=2", "has GPUs", ""),
        ("a100,count=0", "from 1", ""),
        ("none.json", "no file", ""),
    ],
)
def test_what_means_nothing(named, told, hint):
    with pytest.raises(UsageError) as caught:
        host(named)
    assert told in caught.value.message
    assert hint in caught.value.hint


def test_circles_and_wrong_lines(tmp_path: Path):
    with pytest.raises(UsageError, match="like itself"):
        host("a", {"a": {"like": "b"}, "b": {"like": "a"}})
    with pytest.raises(UsageError, match="'colour'"):
        host("a", {"a": {"colour": "red"}})
    file = tmp_path / "nodes.jsonl"
    file.write_text('{"name": "one"}\n{"driver": 3}\n')
    with pytest.raises(UsageError, match=r"nodes\.jsonl:2"):
        host(str(file))
    file.write_text('{"nmae": "one"}\n')
    with pytest.raises(UsageError, match=r"nodes\.jsonl:1"):
        host(str(file))
