"""A session of ONNX Runtime on a model of one product of matrices."""

from __future__ import annotations

import importlib
from typing import Iterable

from .arithmetic import judge_product, numbers
from .gpus import judge_fallback
from .mapped import tell_mapped
from .telling import Answer

_SIZE = 32
_ON_CPU = ("CPUExecutionProvider", "AzureExecutionProvider")


def attempt(answer: Answer) -> None:
    """Run it with every provider that is there; fails where a GPU was given up in silence."""
    onnxruntime = importlib.import_module("onnxruntime")
    numpy = importlib.import_module("numpy")
    given = onnxruntime.get_available_providers()
    wanted = [name for name in given if answer.device != "cpu" or name in _ON_CPU]
    wanted = [name for name in wanted if name != "TensorrtExecutionProvider"]
    answer.doing("a session with " + ", ".join(wanted))
    session = onnxruntime.InferenceSession(model(_SIZE), providers=wanted)
    used = session.get_providers()
    answer.fact("providers", " ".join(given))
    answer.fact("used", " ".join(used))
    answer.fact("device", "cpu" if all(name in _ON_CPU for name in used) else "gpu")
    left, right = numbers(_SIZE, _SIZE, 10), numbers(_SIZE, _SIZE, 11)
    answer.doing("a run")
    given_values = {"x": numpy.array(left, "float32"), "y": numpy.array(right, "float32")}
    got = session.run(None, given_values)[0].tolist()
    tell_mapped(answer)
    judge_product(answer, left, right, got, 2e-3)
    lost = [name for name in wanted if name not in used]
    judge_fallback(answer, "the session does not use " + ", ".join(lost), is_on_gpu=not lost)


def model(size: int) -> bytes:
    """An ONNX model of ``z = x @ y``, as protocol buffers write it; opset 13, IR version 7.

    Source of the field numbers: onnx.proto of ONNX 1.8.
    """
    node = _text(1, "x") + _text(1, "y") + _text(2, "z") + _text(4, "MatMul")
    graph = _block(1, node) + _text(2, "product")
    graph += _block(11, _value("x", size)) + _block(11, _value("y", size))
    graph += _block(12, _value("z", size))
    opset = _text(1, "") + _number(2, 13)
    return _number(1, 7) + _block(7, graph) + _block(8, opset)


def _value(name: str, size: int) -> bytes:
    dimension = _block(1, _number(1, size))
    tensor = _number(1, 1) + _block(2, dimension + dimension)
    return _text(1, name) + _block(2, _block(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, text: str) -> bytes:
    return _block(field, text.encode())


def _block(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    def groups(rest: int) -> Iterable[int]:
        while rest > 127:  # noqa: PLR2004  (seven bits in a byte)
            yield rest & 127 | 128
            rest >>= 7
        yield rest

    return bytes(groups(value))
