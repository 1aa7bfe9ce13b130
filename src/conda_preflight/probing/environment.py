"""Variables that change what a program loads, sees or does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact
from conda_preflight.probing.privacy import Privacy

KEPT = (
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "LD_DEBUG", "LD_BIND_NOW"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE", "PYTHONSTARTUP", "PYTHONUSERBASE"),
)
FAMILIES = (
    *("CUDA_", "CUDNN_", "CUBLAS_", "NVIDIA_", "NCCL_", "NVSHMEM_", "TORCH_", "TORCHINDUCTOR_"),
    *("PYTORCH_", "XLA_", "TF_", "OMP_", "MKL_", "KMP_", "JAX_"),
)
_NAME = lazy_pattern(r"[A-Z][A-Z0-9_]{1,80}")
_OTHER = lazy_pattern(
    r"^TF_(?:VAR|CLI|DATA|LOG|WORKSPACE|REGISTRY|PLUGIN|IN)|TOKEN|KEY(?!WORD)|SECRET|PASSW|CREDENTIAL|AUTH|_PAT$|LICEN[CS]E|COOKIE|WANDB"
)
"""Names that look like those of credentials, and Terraform's, which begin as TensorFlow's do."""
MAX_VARIABLES = 200


def facts(environment: Mapping[str, str], privacy: Privacy) -> Iterator[Fact]:
    """``variable.NAME``: those that are known to matter, an empty text where it is set to none.

    What a name or a value makes look like a credential is left out.
    """
    names = sorted(name for name in environment if _is_kept(name))
    for name in names[:MAX_VARIABLES]:
        value = environment[name]
        shown = privacy.shown(value)
        if not value or "***" not in shown.replace("/***", "").replace("-***", ""):
            yield f"variable.{name}", shown


def _is_kept(name: str) -> bool:
    known = name in KEPT or name.startswith(FAMILIES)
    return known and bool(_NAME.fullmatch(name)) and not _OTHER.search(name)
