"""How large a model is, from headers alone; hostile files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.errors import UsageError
from conda_preflight.model_files import model
from conda_preflight.model_setting import ModelSetting, read_model

LAYER = {"dtype": "BF16", "shape": [1024, 2048], "data_offsets": [0, 4194304]}
NORM = {"dtype": "F32", "shape": [2048], "data_offsets": [4194304, 4202496]}


def safetensors(path: Path, tensors: dict[str, object], size: int = 0) -> Path:
    header = json.dumps(tensors).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(size))
    return path


def test_one_file(tmp_path):
    file = safetensors(tmp_path / "model.safetensors", {"a": LAYER, "b": NORM})
    found = model(ModelSetting(str(file)))
    assert (found.parameters, found.dtype) == (1024 * 2048 + 2048, "bf16")
    assert found.weights == 1024 * 2048 * 2 + 2048 * 4
    assert not found.fault


def test_loaded_as_something_else(tmp_path):
    file = safetensors(tmp_path / "model.safetensors", {"a": LAYER})
    assert model(ModelSetting(str(file), dtype="int4")).weights == 1024 * 2048 // 2


def test_an_index_and_its_folder(tmp_path):
    for name in ("one", "two"):
        safetensors(tmp_path / f"{name}.safetensors", {name: LAYER})
    shards = {"one": "one.safetensors", "two": "two.safetensors"}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": shards}))
    facts = {
        "num_hidden_layers": 2,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 16,
    }
    (tmp_path / "config.json").write_text(json.dumps(facts))
    for path in (index, tmp_path):
        found = model(ModelSetting(str(path), tokens=10))
        assert found.parameters == 2 * 1024 * 2048
        assert (found.cache, found.tokens) == (2 * 2 * 2 * 4 * 16, 10)


def test_stated():
    found = model(read_model({"parameters": "7B", "dtype": "bf16"}))
    assert (found.parameters, found.weights) == (7_000_000_000, 14_000_000_000)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (3, "table"),
        ({}, "names no file"),
        ({"parameters": "7B"}, "both parameters and dtype"),
        ({"parameters": "many", "dtype": "bf16"}, "a text such as"),
        ({"file": "x", "dtype": "octopus"}, "none of"),
        ({"fiel": "x"}, "no key of model"),
        ({"file": "x", "tokens": 0}, "above 0"),
    ],
)
def test_settings_that_mean_nothing(table, told):
    with pytest.raises(UsageError, match=told):
        read_model(table)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no header"),
        (b"\xff" * 8, "no header"),
        ((10).to_bytes(8, "little") + b"{", "JSON"),
        ((2).to_bytes(8, "little") + b"{}", "no tensor"),
        ((2).to_bytes(8, "little") + b"[]", "JSON object"),
        ((17).to_bytes(8, "little") + b'{"a":{"dtype":3}}', "dtype"),
    ],
)
def test_what_is_no_model_says_why(tmp_path, data, told):
    file = tmp_path / "model.safetensors"
    file.write_bytes(data)
    assert told in model(ModelSetting(str(file))).fault


def test_nothing_outside_is_read_and_no_pipe_waited_for(tmp_path):
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "../../etc/passwd"}}))
    assert "outside" in model(ModelSetting(str(index))).fault
    pipe = tmp_path / "pipe.safetensors"
    os.mkfifo(pipe)
    assert "regular" in model(ModelSetting(str(pipe))).fault
    assert "cannot be read" in model(ModelSetting(str(tmp_path / "none"))).fault


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory, data):
    file = tmp_path_factory.mktemp("model") / "model.safetensors"
    file.write_bytes(len(data).to_bytes(8, "little") + data)
    found = model(ModelSetting(str(file)))
    assert found.fault or found.weights >= 0
