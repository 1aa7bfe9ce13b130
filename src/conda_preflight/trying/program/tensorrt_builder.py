"""TensorRT builds an engine for a network of one layer."""

from __future__ import annotations

import importlib

from .gpus import device_files
from .mapped import tell_mapped
from .telling import Answer, NotTriedError, WrongResultError


def attempt(answer: Answer) -> None:
    """Build an identity of four numbers; needs a GPU."""
    if answer.device == "cpu" or not device_files():
        raise NotTriedError("TensorRT needs a GPU, and there is none here")
    tensorrt = importlib.import_module("tensorrt")
    answer.doing("a builder")
    builder = tensorrt.Builder(tensorrt.Logger(tensorrt.Logger.WARNING))
    kinds = getattr(tensorrt, "NetworkDefinitionCreationFlag", None)
    explicit = getattr(kinds, "EXPLICIT_BATCH", None)
    network = builder.create_network(1 << int(explicit) if explicit is not None else 0)
    given = network.add_input("x", tensorrt.float32, (4,))
    layer = network.add_identity(given)
    network.mark_output(layer.get_output(0))
    answer.doing("an engine")
    engine = builder.build_serialized_network(network, builder.create_builder_config())
    tell_mapped(answer)
    if engine is None:
        raise WrongResultError("TensorRT built no engine, and said why in its output")
    answer.fact("device", "cuda")
