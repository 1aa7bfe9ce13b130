"""A sum over processes: by NCCL over the GPUs of the machine, by gloo where there is none."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys

from .gpus import torch_device
from .telling import Answer, NotTriedError, WrongResultError

_LENGTH = 100_000
_RANK = "CONDA_PREFLIGHT_RANK"


def attempt(answer: Answer) -> None:
    """Start a process for each rank; each must get the same sum."""
    torch = importlib.import_module("torch")
    if _RANK in os.environ:
        _be_rank()
        return
    if not torch.distributed.is_available():
        raise NotTriedError("this torch was built without torch.distributed")
    on_gpu = torch_device(torch, answer) == "cuda"
    ranks = torch.cuda.device_count() if on_gpu else 2
    backend = "nccl" if on_gpu else "gloo"
    answer.fact("backend", backend)
    answer.fact("ranks", ranks)
    answer.doing("an all-reduce of " + str(ranks) + " ranks by " + backend)
    processes = [_start(answer, rank, ranks, backend) for rank in range(ranks)]
    codes = [process.wait() for process in processes]
    failed = [rank for rank, code in enumerate(codes) if code]
    if failed:
        raise WrongResultError("rank " + ", ".join(map(str, failed)) + " failed: see its output")


def _start(answer: Answer, rank: int, ranks: int, backend: str) -> subprocess.Popen[bytes]:
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run.py")
    own = answer.path + ".rank" + str(rank)
    env = dict(os.environ, **{_RANK: str(rank) + "/" + str(ranks) + "/" + backend})
    env["CONDA_PREFLIGHT_MEETING"] = answer.path + ".meeting"
    if backend == "gloo" and os.path.exists("/sys/class/net/lo"):
        env.setdefault("GLOO_SOCKET_IFNAME", "lo")
    command = [sys.executable, "-B", program, "torch.all-reduce", own, answer.device]
    return subprocess.Popen(command, env=env)  # noqa: S603


def _be_rank() -> None:
    """One of the processes; ends with a code, since nobody reads its answer."""
    torch = importlib.import_module("torch")
    distributed = importlib.import_module("torch.distributed")
    rank, ranks = map(int, os.environ[_RANK].split("/")[:2])
    backend = os.environ[_RANK].rpartition("/")[2]
    device = "cuda:" + str(rank) if backend == "nccl" else "cpu"
    if backend == "nccl":
        torch.cuda.set_device(rank)
    try:
        distributed.init_process_group(
            backend,
            init_method="file://" + os.environ["CONDA_PREFLIGHT_MEETING"],
            rank=rank,
            world_size=ranks,
        )
        values = torch.full((_LENGTH,), float(rank + 1), device=device)
        distributed.all_reduce(values)
        wanted = ranks * (ranks + 1) / 2
        is_right = bool((values == wanted).all().item())
        distributed.destroy_process_group()
    except Exception as error:  # noqa: BLE001  (it is told on stderr, whatever it is)
        sys.stderr.write("rank " + str(rank) + ": " + str(error) + "\n")
        sys.exit(1)
    if not is_right:
        sys.stderr.write("rank " + str(rank) + ": the sum is not " + str(wanted) + "\n")
        sys.exit(1)
