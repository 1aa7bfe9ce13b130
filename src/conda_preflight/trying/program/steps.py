"""What is tried, in this order, and where it is written."""

from __future__ import annotations

FRAMEWORKS = (
    "torch",
    "triton",
    "tensorflow",
    "jax",
    "onnxruntime",
    "bitsandbytes",
    "tensorrt",
    "transformers",
    "vllm",
)
EXTENSIONS = (
    "numpy",
    "torchvision",
    "torchaudio",
    "flash_attn",
    "xformers",
    "deepspeed",
    "ctranslate2",
)
"""What is only imported, which shows whether it was built for what it meets."""
ATTENTION = ("flash", "efficient", "math", "cudnn")
_IMPORTS = {name + ".import": ("imports", name) for name in FRAMEWORKS + EXTENSIONS}
_ATTENTION = {"torch.attention." + name: ("attention", name) for name in ATTENTION}

STEPS = {
    "python": ("python_facts", ""),
    **_IMPORTS,
    "torch.devices": ("torch_devices", ""),
    "torch.matmul": ("torch_matmul", "float32"),
    "torch.bf16": ("torch_matmul", "bfloat16"),
    "torch.conv2d": ("torch_conv2d", ""),
    "torch.compile": ("torch_compile", ""),
    **_ATTENTION,
    "torch.copy": ("torch_copy", ""),
    "torch.all-reduce": ("all_reduce", ""),
    "inference": ("inference", ""),
    "bitsandbytes.linear8bit": ("linear8bit", ""),
    "tensorrt.builder": ("tensorrt_builder", ""),
    "onnxruntime.session": ("onnxruntime_session", ""),
    "jax.matmul": ("jax_matmul", ""),
    "tensorflow.matmul": ("tensorflow_matmul", ""),
}
"""By name: the module that tries it, and what its function ``attempt`` is told."""

_ALSO = {"inference": ("torch",), "bitsandbytes.linear8bit": ("torch", "bitsandbytes")}


def needed(step: str) -> tuple[str, ...]:
    """The frameworks that must be there for a step; none for an import and for Python."""
    if step.endswith(".import") or step == "python":
        return ()
    return _ALSO.get(step, (step.partition(".")[0],))
