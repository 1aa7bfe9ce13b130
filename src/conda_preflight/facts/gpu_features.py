"""Precisions and kernels, and the GPUs that have them.

Sources: https://github.com/Dao-AILab/flash-attention (README, requirements) for fa2, fa3, fa4 and
bf16; the documentation of bitsandbytes for int8 and nf4; the NVIDIA CUDA programming guide for
the precisions of tensor cores; the MIG user guide.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Feature:
    """What is needed of a GPU; ``least`` and ``most`` are capabilities, ``most`` may be empty."""

    title: str
    least: str
    most: str = ""

    @property
    def wording(self) -> str:
        """``capability 8.0 or more``."""
        if self.most:
            return f"capability {self.least}" + (f" to {self.most}" * (self.most != self.least))
        return f"capability {self.least} or more"


FEATURES = {
    "fp16": Feature("fp16 on tensor cores", "7.0"),
    "int8": Feature("LLM.int8 of bitsandbytes", "7.5"),
    "nf4": Feature("4-bit quantization of bitsandbytes", "6.0"),
    "tf32": Feature("tf32", "8.0"),
    "bf16": Feature("bf16", "8.0"),
    "fp8": Feature("fp8", "8.9"),
    "fp4": Feature("fp4", "10.0"),
    "fa2": Feature("FlashAttention-2", "8.0"),
    "fa3": Feature("FlashAttention-3", "9.0", "9.0"),
    "fa4": Feature("FlashAttention-4", "9.0"),
    "mig": Feature("MIG", "8.0"),
}
"""By the word that settings say."""
