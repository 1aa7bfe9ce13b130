"""From an ``environment.yml`` to an environment that runs, with no conda on the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conda_preflight.testing.channel import cached_channel

PROGRAM = Path(sys.executable).with_name("conda-preflight")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
GLIBC = "__glibc=" + os.confstr("CS_GNU_LIBC_VERSION").split()[1]
"""The channel is made from this machine's interpreter, and needs its glibc."""
MANIFEST = """\
name: chatbot_infer_test
channels: [{channel}]
dependencies:
  - python={version}
{lines}
"""
TINY_MODEL = """\
import torch
from transformers import LlamaConfig, LlamaForCausalLM

torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=64, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2,
)
model, start = LlamaForCausalLM(config), torch.tensor([[1, 2, 3]])
tokens = model.generate(start, max_new_tokens=16, min_new_tokens=16)
assert tokens.shape == (1, 19), tokens.shape
print("generated", tokens.tolist())
"""


def preflight(*arguments, cache):
    here = {**os.environ, "CONDA_PREFLIGHT_CACHE": str(cache), "COLUMNS": "100"}
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], env=here, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def project(folder, channel, *lines):
    text = MANIFEST.format(
        channel=channel.as_uri(), version=VERSION, lines="\n".join(f"  {line}" for line in lines)
    )
    (folder / "environment.yml").write_text(text)
    return folder


def runs(prefix, *arguments):
    """Run a program of the prefix with nothing inherited."""
    done = subprocess.run(
        [prefix / "bin" / "python", *arguments], env={}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_solve_lock_rebuild_and_run(tmp_path, real_channel):
    lines = ("- numpy", "- requests", "- pip", "- pip:", "    - six==1.17.0", "    - tomli")
    here = project(tmp_path, real_channel, *lines)
    cache = tmp_path / "cache"
    locked = preflight("lock", here, "--virtual-package", GLIBC, cache=cache)
    assert locked[0] == 0, locked[1]
    first = (here / "conda-lock.yml").read_bytes()
    assert b"name: six" in first
    again = preflight("lock", here, "--virtual-package", GLIBC, cache=cache)
    assert again[0] == 0
    assert (here / "conda-lock.yml").read_bytes() == first
    built = preflight("rebuild", here, "--keep", tmp_path / "env", cache=cache)
    assert built[0] == 0, built[1]
    code = "import numpy, requests, six, tomli; print(numpy.arange(3).sum(), six.__version__)"
    assert runs(tmp_path / "env", "-c", code) == "3 1.17.0\n"


@pytest.mark.slow
def test_a_tiny_model_generates_tokens(tmp_path):
    channel = cached_channel(("torch==2.13.0+cpu", "transformers", "requests", "pip"))
    here = project(tmp_path, channel, "- pytorch", "- transformers", "- requests", "- pip")
    cache = tmp_path / "cache"
    locked = preflight("lock", here, "--virtual-package", GLIBC, cache=cache)
    assert locked[0] == 0, locked[1]
    (here / "preflight.toml").write_text('[smoke]\nscript = "tiny_model.py"\n')
    (here / "tiny_model.py").write_text(TINY_MODEL)
    built = preflight("rebuild", here, "--keep", tmp_path / "env", cache=cache)
    assert built[0] == 0, built[1]
    assert runs(tmp_path / "env", here / "tiny_model.py").startswith("generated [[1, 2, 3,")
