"""Packages that decide whether a model trains and answers as it did before.

The list is a judgement: the interpreter, the frameworks, what loads, tunes and serves models,
and numpy, whose binary interface all of them share.
"""

from __future__ import annotations

CORE = (
    "python",
    "numpy",
    "pytorch",
    "pytorch-gpu",
    "pytorch-cpu",
    "torch",
    "torchvision",
    "torchaudio",
    "tensorflow",
    "tensorflow-base",
    "tensorflow-cpu",
    "tensorflow-gpu",
    "jax",
    "jaxlib",
    "keras",
    "lightning",
    "pytorch-lightning",
    "transformers",
    "tokenizers",
    "accelerate",
    "datasets",
    "diffusers",
    "sentence-transformers",
    "peft",
    "trl",
    "bitsandbytes",
    "deepspeed",
    "vllm",
    "flash-attn",
    "xformers",
    "triton",
    "onnxruntime",
    "onnxruntime-gpu",
)
"""Names of conda packages and of PyPI projects."""
