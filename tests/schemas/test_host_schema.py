"""The reader of fact sheets and their published schema take and refuse the same."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from conda_preflight.documents import Source
from conda_preflight.errors import ReadError
from conda_preflight.readers.host import read
from conda_preflight.schema_files import published

SCHEMA = Draft202012Validator(published("host"))
GOOD = [
    {},
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "glibc": "2.31"},
    {"os": None, "gpus": None, "driver": None, "shm_mib": None, "node": None, "trials": None},
    {"gpus": [], "memlock_kib": "unlimited", "shm_mib": 64, "cuda": "12.0"},
    {"gpus": [{"name": "NVIDIA A100", "capability": "8.0", "memory_mib": 81920}, {}]},
    {"gpus": [{"capability": "gfx90a"}], "kernel": "5.15.0-91-generic"},
    {"node": {"module.nvidia": "550.54", "gpu.0.name": None}},
    {"trials": [{"step": "torch.import", "status": "passed", "facts": {"torch": "2.5"}}]},
    {"name": "x" * 256},
]
BAD = [
    {"schema": "conda-preflight/host/2"},
    {"schema": None},
    {"os": "beos"},
    {"os": 1},
    {"glibc": "two"},
    {"driver": 525},
    {"gpus": {}},
    {"gpus": ["A100"]},
    {"gpus": [{"capability": "ninety"}]},
    {"gpus": [{"memory_mib": -1}]},
    {"shm_mib": "64"},
    {"memlock_kib": True},
    {"node": {"a b": "c"}},
    {"node": {"a": 1}},
    {"node": []},
    {"trials": [{"step": "x"}]},
    {"trials": [{"step": "x", "status": "fine"}]},
    {"trials": [{"status": "passed", "detail": "x" * 1025}]},
    {"name": "x" * 257},
    [],
]


def takes(sheet):
    text = json.dumps(sheet)
    try:
        return bool(read(Source("a.json", text, "", len(text), "utf-8", "\n", (text,))))
    except ReadError:
        return False


@pytest.mark.parametrize("sheet", GOOD, ids=json.dumps)
def test_both_take(sheet):
    assert (takes(sheet), SCHEMA.is_valid(sheet)) == (True, True)


@pytest.mark.parametrize("sheet", BAD, ids=lambda sheet: json.dumps(sheet)[:60])
def test_both_refuse(sheet):
    assert (takes(sheet), SCHEMA.is_valid(sheet)) == (False, False)
