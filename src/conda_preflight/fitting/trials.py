"""What was tried on a machine with an environment, as checks ask about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from conda_preflight.documents import Host, Package, Trial
from conda_preflight.documents.stack import Stack
from conda_preflight.errors import Skip
from conda_preflight.facts.symptoms import Symptom, recognized, symptoms
from conda_preflight.pattern import lazy_pattern

PACKAGES = {
    "torch": ("torch", "pytorch", "libtorch", "pytorch-gpu", "pytorch-cpu"),
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-base"),
    "jax": ("jax",),
    "onnxruntime": ("onnxruntime-gpu", "onnxruntime"),
    "bitsandbytes": ("bitsandbytes",),
    "tensorrt": ("tensorrt", "tensorrt-cu12", "tensorrt-cu13"),
    "transformers": ("transformers",),
    "triton": ("triton",),
    "vllm": ("vllm",),
    "numpy": ("numpy", "numpy-base"),
    "torchvision": ("torchvision",),
    "torchaudio": ("torchaudio",),
    "flash_attn": ("flash-attn",),
    "xformers": ("xformers",),
    "deepspeed": ("deepspeed",),
    "ctranslate2": ("ctranslate2",),
}
"""By module, the packages that bring it; wheels are looked for before those of conda."""

USES = {
    "torch": "torch.devices",
    "onnxruntime": "onnxruntime.session",
    "jax": "jax.matmul",
    "tensorflow": "tensorflow.matmul",
}
"""The step of each framework that tells whether it uses a GPU."""

BAD = ("failed", "crashed", "hung")
_HASH = lazy_pattern(r"-[0-9a-f]{6,64}(?=\.so)")
_VERSION = lazy_pattern(
    r"(?P<release>\d{1,9}(?:\.\d{1,9}){0,5})(?P<post>(?:\.post\d{1,9})?)[^+]{0,40}"
    r"(?:\+(?P<local>[\w.]{1,64}))?"
)
_MAPPED = "mapped."


def tried(host: Host) -> dict[str, Trial]:
    """The trials by step; raises Skip where there are none."""
    if not host.trials:
        raise Skip("nothing was tried on the target: see conda-preflight probe --prefix")
    return {trial.step: trial for trial in host.trials}


@lru_cache(maxsize=4096)
def facts(trial: Trial) -> dict[str, str]:
    """What a trial read, by name."""
    return dict(trial.facts)


def imported(host: Host) -> Iterator[tuple[str, dict[str, str]]]:
    """Each framework that could be imported, with what it said; raises Skip as ``tried``."""
    trials = tried(host)
    for name in PACKAGES:
        trial = trials.get(f"{name}.import")
        if trial and trial.status == "passed":
            yield name, facts(trial)


def package_of(framework: str, stack: Stack) -> Package | None:
    """The package of an environment that brings a framework."""
    names = PACKAGES[framework]
    found = sorted(stack.named(*names), key=lambda p: (p.manager == "conda", names.index(p.name)))
    return next(iter(found), None)


def differ(one: str, other: str, *, exact: bool) -> bool:
    """Whether two versions are of different releases; False where either has no number.

    A local part counts where both have one, and a post release where it is to be ``exact``.
    """
    found, wanted = _VERSION.match(one), _VERSION.match(other)
    if not found or not wanted:
        return False
    if exact and found["post"] != wanted["post"]:
        return True
    local = found["local"] and wanted["local"] and found["local"] != wanted["local"]
    return _numbers(found["release"]) != _numbers(wanted["release"]) or bool(local)


def _numbers(release: str) -> list[int]:
    """The numbers of a release without zeros at its end."""
    found = [int(number) for number in release.split(".")]
    while found[-1:] == [0]:
        found.pop()
    return found


def uses_gpu(framework: str, trials: dict[str, Trial]) -> bool | None:
    """Whether a framework used a GPU; None where that was not tried, or the CPU was wanted."""
    trial = trials.get(USES.get(framework, ""))
    if trial is None or trial.status in ("not-installed", "crashed", "hung"):
        return None
    told = facts(trial)
    word = told.get("available") or told.get("device")
    if "wanted" in told or not word:
        return None
    return word not in ("no", "cpu")


def gave_up(trial: Trial | None) -> bool:
    """Whether a step told that the system has a GPU which the framework does not use."""
    return trial is not None and "fallback" in facts(trial)


def symptom_of(trial: Trial) -> Symptom | None:
    """The failure that the probe recognized in all of the output, or that is known by now."""
    told, known = facts(trial), symptoms()
    found = [known[name] for name in told.get("symptom", "").split() if name in known]
    found = found or [*recognized(f"{trial.detail}\n{told.get('output', '')}")]
    return next(iter(found), None)


def mapped(trial: Trial) -> Iterator[tuple[str, str, str]]:
    """Each library that was mapped: its name in the file system, its path, its kind.

    A path is relative to the prefix where it is inside; the kind of ``libgomp-a34b3233.so.1``
    is libgomp.
    """
    for name, path in trial.facts:
        if name.startswith(_MAPPED):
            file = re.sub(r":\d+$", "", name[len(_MAPPED) :])
            yield file, path, _HASH.sub("", file).partition(".so")[0]
