"""How large one parameter is, by what it is stored or loaded as.

Sources: the safetensors format (https://github.com/huggingface/safetensors, ``Dtype`` in
``safetensors/src/tensor.rs``); the names by which PyTorch and quantizers call the same.
"""

from __future__ import annotations

BITS = {
    "f64": 64,
    "fp64": 64,
    "f32": 32,
    "fp32": 32,
    "float32": 32,
    "f16": 16,
    "fp16": 16,
    "float16": 16,
    "bf16": 16,
    "bfloat16": 16,
    "fp8": 8,
    "f8_e4m3": 8,
    "f8_e5m2": 8,
    "int8": 8,
    "fp4": 4,
    "int4": 4,
    "nf4": 4,
}
"""What a person may say that weights are loaded as."""

STORED = {
    "F64": 64,
    "F32": 32,
    "F16": 16,
    "BF16": 16,
    "F8_E4M3": 8,
    "F8_E5M2": 8,
    "F8_E8M0": 8,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "F4": 4,
    "I64": 64,
    "U64": 64,
    "I32": 32,
    "U32": 32,
    "I16": 16,
    "U16": 16,
    "I8": 8,
    "U8": 8,
    "BOOL": 8,
    "C64": 64,
}
"""What a header says; of integers it is not known how many parameters each holds."""

FLOATS = frozenset(("F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F4"))
