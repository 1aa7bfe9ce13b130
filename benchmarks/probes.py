"""The 42 questions whose verdicts ``channel/solve_results.json`` of the corpus records.

Each is channels by falling priority, specs, and how it departs from the usual: linux-64 with
``__glibc=2.35 __linux=5.15 __archspec=1=x86_64_v3``, strict priority, and CUDA where it is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FORGE = ("conda-forge",)
LOSSY = ("conda-forge", "_from-conda-lock/conda-forge")
TORCH = ("pytorch", "nvidia", "conda-forge")
OLD_TORCH = ("pytorch", "conda-forge")
MAIN = ("pkgs/main",)
ANACONDA_FIRST = ("pytorch", "pkgs/main", "conda-forge")


@dataclass(frozen=True)
class Probe:
    """One question by its recorded name."""

    name: str
    channels: tuple[str, ...]
    specs: tuple[str, ...]
    virtual: dict[str, str] = field(default_factory=dict)
    strict: bool = True


def probe(
    name: str, channels: tuple[str, ...], specs: str, cuda: str = "", **more: object
) -> Probe:
    """Specs are parted by semicolons; ``glibc`` and ``strict`` may be given."""
    virtual = {"__glibc": str(more.get("glibc", "2.35")), **({"__cuda": cuda} if cuda else {})}
    words = tuple(spec.strip() for spec in specs.split(";"))
    return Probe(name, channels, words, virtual, more.get("strict", True) is True)


PROBES = (
    probe("python+numpy", FORGE, "python; numpy"),
    probe("python 3.12 + numpy + scipy + pandas", FORGE, "python=3.12; numpy; scipy; pandas"),
    probe("python 3.10 + numpy <2", FORGE, "python=3.10; numpy<2"),
    probe("pytorch+transformers (cpu host)", FORGE, "pytorch; transformers"),
    probe(
        "pytorch 2.7 + transformers + datasets + python 3.12",
        FORGE,
        "pytorch=2.7; transformers; datasets; python=3.12",
    ),
    probe("pytorch-gpu with __cuda 12.8", FORGE, "pytorch-gpu", "12.8"),
    probe("pytorch-gpu with __cuda 13.0", FORGE, "pytorch-gpu", "13.0"),
    probe(
        "pytorch-gpu with __cuda 12.2, cuda-version 12.6",
        FORGE,
        "pytorch-gpu; cuda-version=12.6",
        "12.2",
    ),
    probe("pytorch-gpu with __cuda 11.4 (expect fail)", FORGE, "pytorch-gpu=2.8", "11.4"),
    probe("pytorch-gpu without __cuda (expect fail)", FORGE, "pytorch-gpu"),
    probe(
        "pytorch-gpu + transformers + accelerate",
        FORGE,
        "pytorch-gpu; transformers; accelerate; python=3.12",
        "12.8",
    ),
    probe("flash-attn", FORGE, "flash-attn", "12.8"),
    probe("deepspeed", FORGE, "deepspeed", "12.8"),
    probe("tensorflow gpu build", FORGE, "tensorflow=*=*cuda*", "12.8"),
    probe("tensorflow cpu", FORGE, "tensorflow"),
    probe("jax + jaxlib cuda", FORGE, "jax; jaxlib=*=*cuda*", "12.8"),
    probe("lightning + pytorch + torchvision", FORGE, "lightning; pytorch; torchvision"),
    probe(
        "pytorch=2.3 pytorch-cuda=12.1 (pytorch,nvidia,conda-forge)",
        TORCH,
        "pytorch=2.3; pytorch-cuda=12.1",
        "12.8",
    ),
    probe(
        "same, channel priority disabled",
        TORCH,
        "pytorch=2.3; pytorch-cuda=12.1",
        "12.8",
        strict=False,
    ),
    probe(
        "pytorch=2.1.0 pytorch-cuda=11.8 (pytorch,nvidia,conda-forge)",
        TORCH,
        "pytorch=2.1.0; pytorch-cuda=11.8; python=3.10",
        "12.8",
        strict=False,
    ),
    probe(
        "pytorch=1.12.1 cudatoolkit=11.3 (pytorch,conda-forge)",
        OLD_TORCH,
        "pytorch=1.12.1; cudatoolkit=11.3",
        "12.8",
    ),
    probe(
        "pytorch=1.12.1 cpuonly (pytorch,conda-forge)", OLD_TORCH, "pytorch=1.12.1; cpuonly", "12.8"
    ),
    probe(
        "pytorch=1.11.0 cudatoolkit=11.5 python=3.8 (pytorch,conda-forge)",
        OLD_TORCH,
        "pytorch=1.11.0; cudatoolkit=11.5; python=3.8",
        "12.8",
    ),
    probe(
        "pytorch=1.11.0 cudatoolkit=11.5 (strict)",
        OLD_TORCH,
        "pytorch=1.11.0; cudatoolkit=11.5",
        "12.8",
    ),
    probe(
        "pytorch=1.13.1 pytorch-cuda=11.7 (pytorch,nvidia,conda-forge)",
        TORCH,
        "pytorch=1.13.1; pytorch-cuda=11.7",
        "12.8",
        strict=False,
    ),
    probe(
        "pytorch=2.3 pytorch-cuda=12.1 on host CUDA 11.8",
        TORCH,
        "pytorch=2.3; pytorch-cuda=12.1",
        "11.8",
    ),
    probe(
        "conda-forge + lossy: python 3.11 pytorch-gpu 2.3",
        LOSSY,
        "python=3.11; pytorch-gpu=2.3",
        "12.8",
        strict=False,
    ),
    probe(
        "SD-like: pytorch=1.12.1 torchvision=0.13.1 cudatoolkit=11.3 python=3.8"
        " (pytorch,pkgs/main,conda-forge)",
        ANACONDA_FIRST,
        "pytorch=1.12.1; torchvision=0.13.1; cudatoolkit=11.3; python=3.8",
        "12.8",
        strict=False,
    ),
    probe(
        "AUTOMATIC1111 wsl2: pytorch=2.0 torchvision=0.15 cudatoolkit=11.8 python=3.10 numpy=1.23",
        ("pytorch", *LOSSY),
        "pytorch=2.0; torchvision=0.15; cudatoolkit=11.8; python=3.10; numpy=1.23",
        "12.8",
        strict=False,
    ),
    probe(
        "rich-text: cudatoolkit=11.7.0 pytorch=1.13.1 pytorch-cuda=11.7",
        ("pytorch", "nvidia", "pkgs/main"),
        "cudatoolkit=11.7.0; pytorch=1.13.1; pytorch-cuda=11.7",
        "12.8",
        strict=False,
    ),
    probe(
        "affordance: pytorch=1.10 torchvision=0.10.0 cudatoolkit=11.3",
        ("pytorch", "pkgs/main"),
        "pytorch=1.10; torchvision=0.10.0; cudatoolkit=11.3",
        "12.8",
        strict=False,
    ),
    probe(
        "pytorch=2.6 from pytorch channel (never published)", ("pytorch",), "pytorch=2.6", "12.8"
    ),
    probe("tensorflow (conda-forge + lossy)", LOSSY, "tensorflow", "12.8", strict=False),
    probe("glibc too old (2.12): numpy", FORGE, "numpy>=2.4", glibc="2.12"),
    probe("pkgs/main: python 3.11 + numpy + pandas", MAIN, "python=3.11; numpy; pandas"),
    probe("pkgs/main: python", MAIN, "python"),
    probe("pkgs/main: pytorch", MAIN, "pytorch"),
    probe(
        "2018 snapshot: python 3.6 numpy scipy pandas",
        ("_real-snapshots/conda-tests-index4-2018",),
        "python=3.6; numpy; scipy; pandas",
    ),
    probe("rapidsai cuvs/cudf?", ("rapidsai", "conda-forge"), "libcuvs", "12.8", strict=False),
    probe("impossible: python 3.13 + pytorch 2.1", FORGE, "python=3.13; pytorch=2.1"),
    probe("impossible: numpy 1.19.2 + python 3.12", FORGE, "numpy=1.19.2; python=3.12"),
    probe(
        "impossible: pytorch 2.7 + cuda-version 11.8",
        FORGE,
        "pytorch-gpu=2.7; cuda-version=11.8",
        "12.8",
    ),
)
