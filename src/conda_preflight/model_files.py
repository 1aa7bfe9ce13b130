"""How large a model is, from the headers of its safetensors files; no tensor is read."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

from conda_preflight.documents import Location
from conda_preflight.documents.model import Model
from conda_preflight.errors import ReadError
from conda_preflight.facts.dtypes import BITS, FLOATS, STORED
from conda_preflight.model_setting import ModelSetting

MAX_HEADER = 100_000_000
"""Bytes of a header; source: the safetensors format, which allows no more."""

MAX_FILES = 2_000
MAX_CONFIG = 1_000_000
_INDEX = ".safetensors.index.json"


def model(asked: ModelSetting) -> Model:
    """The model of the settings; one that cannot be read says why in ``fault``."""
    place = Location(asked.file or "the settings")
    if not asked.file:
        weights = asked.parameters * BITS[asked.dtype] // 8
        stated = f"{asked.parameters:,} parameters in {asked.dtype}"
        return Model(
            place.path, place, asked.parameters, weights, asked.dtype, 0, asked.tokens, stated
        )
    path = Path(asked.file)
    try:
        sizes = _sizes(path)
        cache = _cache_of_token(path.parent if path.is_file() else path)
    except ReadError as error:
        return Model(asked.file, place, fault=error.message)
    return _measured(asked, place, sizes, cache)


def _measured(asked: ModelSetting, place: Location, sizes: Counter[str], cache: int) -> Model:
    parameters = sum(count for kind, count in sizes.items() if kind in FLOATS)
    stored = sum(count * STORED[kind] for kind, count in sizes.items()) // 8
    is_other = bool(asked.dtype) and parameters == sum(sizes.values())
    weights = parameters * BITS[asked.dtype] // 8 if is_other else stored
    most = max(sizes, key=lambda kind: sizes[kind] * STORED[kind]).lower()
    dtype = asked.dtype or most
    stated = f"{parameters or sum(sizes.values()):,} parameters in {dtype}"
    return Model(place.path, place, parameters, weights, dtype, cache, asked.tokens, stated)


def _sizes(path: Path) -> Counter[str]:
    """How many numbers of each kind all files hold together; raises ReadError."""
    if path.is_dir():
        index = sorted(path.glob(f"*{_INDEX}"))
        files = _of_index(index[0]) if index else sorted(path.glob("*.safetensors"))
    else:
        files = _of_index(path) if path.name.endswith(_INDEX) else [path]
    if not files:
        raise ReadError(f"{path} holds no .safetensors file")
    if len(files) > MAX_FILES:
        raise ReadError(f"{path} has more than {MAX_FILES} files")
    total: Counter[str] = Counter()
    for file in files:
        total.update(_header(file))
    if not total:
        raise ReadError(f"{path} holds no tensor")
    return total


def _of_index(file: Path) -> list[Path]:
    shards = _json(_bytes(file, 0, MAX_HEADER), file).get("weight_map")
    if not isinstance(shards, dict) or not all(isinstance(n, str) for n in shards.values()):
        raise ReadError(f"{file} lists no files of weights")
    names = sorted(set(shards.values()))
    if any("/" in name or "\\" in name or name.startswith(".") for name in names):
        raise ReadError(f"{file} names files outside of its folder")
    return [file.parent / name for name in names]


def _header(file: Path) -> Counter[str]:
    """How many numbers of each kind one file holds."""
    length = int.from_bytes(_bytes(file, 0, 8), "little")
    if not len("{}") <= length <= MAX_HEADER:
        raise ReadError(f"{file} has no header of safetensors")
    tensors = _json(_bytes(file, 8, length), file)
    found: Counter[str] = Counter()
    for name, tensor in tensors.items():
        if name != "__metadata__":
            found.update(_tensor(tensor, file))
    return found


def _tensor(tensor: object, file: Path) -> Mapping[str, int]:
    if isinstance(tensor, dict):
        kind, shape = tensor.get("dtype"), tensor.get("shape")
        if kind in STORED and isinstance(shape, list) and all(map(_is_size, shape)):
            return {str(kind): prod(shape)}
    raise ReadError(f"{file} has a tensor without a known dtype and shape")


def _is_size(value: object) -> bool:
    return type(value) is int and 0 <= value < 1 << 48


def _cache_of_token(folder: Path) -> int:
    """Bytes of keys and values of one token in 16 bits, by config.json; 0 where it is not told.

    Source: the attributes of configurations of transformers
    (https://huggingface.co/docs/transformers/main_classes/configuration).
    """
    try:
        facts = _json(_bytes(folder / "config.json", 0, MAX_CONFIG), folder)
    except ReadError:
        return 0
    facts = facts.get("text_config", facts)
    if not isinstance(facts, dict):
        return 0
    heads = _number(facts, "num_attention_heads")
    size = _number(facts, "head_dim") or (_number(facts, "hidden_size") // heads if heads else 0)
    kept = _number(facts, "num_key_value_heads") or heads
    return 2 * 2 * _number(facts, "num_hidden_layers") * kept * size


def _number(facts: Mapping[str, object], key: str) -> int:
    value = facts.get(key)
    return value if isinstance(value, int) and 0 < value < 1 << 24 else 0


def _json(data: bytes, file: Path) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise ReadError(f"{file} has no JSON where it should") from None
    if not isinstance(found, dict):
        raise ReadError(f"{file} has no JSON object where it should")
    return found


def _bytes(file: Path, start: int, most: int) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise ReadError(f"{file} is not a regular file")
            stream.seek(start)
            return stream.read(most)
    except OSError as error:
        raise ReadError(f"{file} cannot be read: {error.strerror or error}") from None
