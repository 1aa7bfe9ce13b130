"""Fakes of the driver's libraries, compiled here, and small machines made of files."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conda_preflight.documents import Host
from conda_preflight.probing.sheet import probe

HERE = Path(__file__).parent
LIBRARIES = {"libnvidia-ml.so.1": "fake_nvml.c", "libcuda.so.1": "fake_cuda.c"}


@pytest.fixture(scope="session")
def fakes(tmp_path_factory) -> Path:
    """A folder with both libraries."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here, so the libraries of the driver cannot be imitated")
    folder = tmp_path_factory.mktemp("fakes")
    for name, source in LIBRARIES.items():
        command = [compiler, "-shared", "-fPIC", "-o", folder / name, HERE / source]
        subprocess.run(command, check=True, capture_output=True)
    return folder


Asked = Callable[..., Host]


@pytest.fixture
def asked(fakes) -> Asked:
    """Probes this machine with the fakes in the place of the driver's libraries."""

    def ask(nvml: str = "", cuda: str = "0", seconds: float = 20, **more: str) -> Host:
        variables = {
            **os.environ,
            "LD_LIBRARY_PATH": str(fakes),
            "FAKE_NVML": nvml,
            "FAKE_CUDA": cuda,
            **more,
        }
        return probe(variables=variables, seconds=seconds)

    return ask


@pytest.fixture
def tree(tmp_path) -> Callable[[Mapping[str, str]], Path]:
    """Makes files below a root: a text, a link (``-> target``) or a folder (``/`` at the end)."""

    def make(files: Mapping[str, str]) -> Path:
        root = tmp_path / "root"
        root.mkdir(exist_ok=True)
        for path, text in files.items():
            file = root / path.strip("/")
            if path.endswith("/"):
                file.mkdir(parents=True, exist_ok=True)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            if text.startswith("-> "):
                file.symlink_to(text.removeprefix("-> "))
            else:
                file.write_text(text)
        return root

    return make
