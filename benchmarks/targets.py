"""The fleet question: 10,000 distinct fact sheets against one lock of 350 packages.

``python -m benchmarks.targets`` prints CPU seconds of the audit's judgement: every rule of the
family target, the groups of targets and the verdict of each. Reading the lock and the sheets is
printed apart.
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from datetime import date
from pathlib import Path

from conda_preflight.access import engines
from conda_preflight.audit import audit
from conda_preflight.catalog import checks
from conda_preflight.config import Settings
from conda_preflight.documents import GPU, Host, Location, Lock, Package, Project
from conda_preflight.report import Report

SHEETS, PACKAGES, AIM = 10_000, 350, 1.0
GPUS = (
    *(("Tesla V100-SXM2-32GB", "7.0", 32768), ("Tesla T4", "7.5", 15360)),
    *(("NVIDIA A100-SXM4-40GB", "8.0", 40960), ("NVIDIA A100-SXM4-80GB", "8.0", 81920)),
    *(("NVIDIA A10", "8.6", 23028), ("NVIDIA L4", "8.9", 23034), ("NVIDIA L40S", "8.9", 46068)),
    *(("NVIDIA H100 80GB HBM3", "9.0", 81559), ("NVIDIA H200", "9.0", 143771)),
    *(("NVIDIA B200", "10.0", 183359), ("NVIDIA GeForce RTX 4090", "8.9", 24564)),
    *(("NVIDIA GeForce RTX 5090", "12.0", 32607), ("Tesla P100-PCIE-16GB", "6.0", 16384)),
)
DRIVERS = (
    *("450.80.02", "470.82.01", "515.48.07", "520.61.05", "525.60.13", "525.105.17"),
    *("535.54.03", "535.129.03", "535.183.01", "545.23.08", "550.54.15", "550.90.07"),
    *("555.42.06", "560.35.05", "570.86.15", "570.124.06", "575.57.08", "580.65.06"),
    *("580.95.05", "590.48.01", "595.58.03"),
)
GLIBCS = ("2.17", "2.27", "2.28", "2.31", "2.34", "2.35", "2.36", "2.39", "2.41")
COUNTS = (1, 2, 4, 8)
KERNELS = ("3.10.0", "4.18.0", "5.4.0", "5.14.0", "5.15.0", "6.1.0", "6.5.0", "6.8.0")
HERE = Location("conda.lock", 1, 1)
FRAMEWORKS = (
    *(("torch", "2.10.0"), ("torchvision", "0.25.0"), ("torchaudio", "2.10.0")),
    *(("triton", "3.6.0"), ("nvidia-cuda-runtime-cu12", "12.8.90"), ("numpy", "2.2.6")),
    *(("nvidia-cudnn-cu12", "9.10.2.21"), ("nvidia-nccl-cu12", "2.27.5")),
    *(("nvidia-nvjitlink-cu12", "12.8.93"), ("nvidia-cublas-cu12", "12.8.4.1")),
    *(("transformers", "4.57.6"), ("tokenizers", "0.22.1"), ("bitsandbytes", "0.48.2")),
    *(("vllm", "0.17.0"), ("xformers", "0.0.35"), ("onnxruntime-gpu", "1.23.2")),
)


def lock() -> Lock:
    """A lock of 350 packages for linux-64 with what a server of models has."""
    pip = [Package("pypi", n, v, HERE, platform="linux-64") for n, v in FRAMEWORKS]
    rest = range(PACKAGES - len(pip))
    conda = [
        Package("conda", f"library-{n}", f"1.{n}", HERE, f"h{n:07x}_0", platform="linux-64",
                subdir="linux-64", channel="https://conda.anaconda.org/conda-forge",
                depends=("libgcc >=13", "__glibc >=2.17,<3.0.a0"))
        for n in rest
    ]  # fmt: skip
    return Lock("conda.lock", "explicit", "", HERE, ("linux-64",), (*conda, *pip))


def sheets(count: int = SHEETS) -> list[Host]:
    """Distinct sheets, as a fleet has them: every GPU with every driver, C library and number."""
    facts = list(itertools.product(GPUS, DRIVERS, GLIBCS, COUNTS, KERNELS))
    chosen = random.Random(0).sample(facts, count)  # noqa: S311  (the same fleet each time)
    return [
        Host(f"node-{n}.json", Location(f"node-{n}.json"), f"node-{n}", "linux", "x86_64", glibc,
             kernel, driver, gpus=(GPU(*gpu),) * number)
        for n, (gpu, driver, glibc, number, kernel) in enumerate(chosen)
    ]  # fmt: skip


def measure(project: Project, runs: int = 3) -> tuple[float, Report]:
    """The least CPU seconds of so many audits by the rules of the family target."""
    chosen = [check for check in checks() if check.rule.family == "target"]
    settings, best = Settings(), float("inf")
    for _ in range(runs):
        start = time.process_time()
        asked = engines(project, Path(), settings)
        report = audit(project, settings, date(2026, 11, 24), chosen, engines=asked)
        best = min(best, time.process_time() - start)
    return best, report


def main() -> int:
    """Print the figures; 1 when the aim was missed."""
    start = time.process_time()
    project = Project(".", Location("."), (lock(), *sheets()))
    made = time.process_time() - start
    seconds, report = measure(project)
    words = {v.value: 0 for v in {row.verdict for row in report.targets}}
    for row in report.targets:
        words[row.verdict.value] += 1
    sys.stdout.write(
        f"{len(report.targets)} sheets x {PACKAGES} packages, {len(report.rules)} rules\n"
        f"judgement: {seconds:.2f} s of CPU (aim {AIM:.0f} s)\n"
        f"making the documents: {made:.2f} s, not counted\n"
        f"findings: {len(report.findings)}; verdicts: {words}\n"
    )
    return int(seconds > AIM)


if __name__ == "__main__":
    sys.exit(main())
