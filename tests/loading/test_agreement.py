"""What is predicted of the dynamic loader is what it does: on made trees and on real wheels."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conda_preflight.access import engines
from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.errors import PreflightError
from conda_preflight.facts.loader import LOADERS
from conda_preflight.project import open_project
from conda_preflight.readers.libraries import read
from conda_preflight.report import Severity
from conda_preflight.testing import TODAY
from conda_preflight.testing.channel import download_wheels
from conda_preflight.testing.elf import make_elf
from conda_preflight.testing.loader import compare, unpack_libraries

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not Path(LOADERS.get(os.uname().machine, "")).is_file(),
    reason="this machine has no dynamic loader of glibc",
)
ABI = os.uname().machine
FOLDERS = ("a", "b", "c")
NAMES = tuple(f"lib{letter}.so.1" for letter in "pqrs")
ENTRIES = (
    *(f"$ORIGIN/../{folder}" for folder in FOLDERS),
    *("$ORIGIN", "${ORIGIN}/../b", "$ORIGIN/../a/../c", "/nowhere", "$LIB", "relative", ""),
)
RULES = (
    "prefix/missing-library",
    "prefix/unreachable-library",
    "prefix/missing-symbol-version",
    "prefix/two-providers",
    "prefix/shadowable-library",
    "prefix/two-cuda-majors",
    "prefix/two-openmp-runtimes",
    "prefix/driver-library",
    "prefix/executable-stack",
    "prefix/foreign-rpath",
    "prefix/broken-library",
)


@st.composite
def trees(draw):
    """Libraries that need each other, over three folders, and a program; by path."""
    search = st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=3).filter(any)
    needed = st.lists(st.sampled_from((*NAMES, "libc.so.6")), max_size=3, unique=True)
    abis = st.sampled_from((ABI, ABI, ABI, "s390x"))

    def lines(kind):
        paths = [f"{how} {':'.join(draw(search))}" for how in ("rpath", "runpath") if draw(kind)]
        libraries = draw(needed)
        return [*paths, *([f"needed {' '.join(libraries)}"] if libraries else [])]

    files = {}
    for folder in FOLDERS:
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True)):
            soname = draw(st.sampled_from((name, name, "libother.so.1")))
            rows = [f"abi {draw(abis)}", f"soname {soname}", *lines(st.booleans())]
            files[f"{folder}/{name}"] = "\n".join(rows)
    rows = [f"abi {ABI}", f"interpreter {LOADERS[ABI]}", *lines(st.booleans())]
    files["bin/tool"] = "\n".join(rows)
    return files, draw(st.sampled_from(("", "a", "b")))


@given(trees())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_made_trees(tmp_path_factory, tree):
    files, variable = tree
    folder = tmp_path_factory.mktemp("tree")
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(make_elf(text))
        (folder / name).chmod(0o755)
    found = compare(folder, str(folder / variable) if variable else "")
    assert not found.differences


def stack(folder, *requirements):
    try:
        wheels = download_wheels(requirements)
    except PreflightError as error:
        pytest.skip(f"the wheels are not to be had: {error.message}")
    return unpack_libraries(wheels, folder)


def errors(prefix):
    chosen = Settings(select=RULES)
    project = open_project(prefix, chosen)
    report = audit(project, chosen, TODAY, engines=engines(project, prefix, chosen))
    return [f.problem.message for f in report.findings if f.severity is Severity.ERROR]


def test_numpy_and_scipy(tmp_path):
    prefix = stack(tmp_path, "numpy==2.*", "scipy==1.*")
    found = compare(prefix)
    assert found.edges > 300
    assert found.differences == []
    assert errors(prefix) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "requirements",
    [("torch>=2.1,<2.14",), ("onnxruntime==1.*",), ("nvidia-cusolver", "nvidia-cudnn-cu13")],
    ids=" ".join,
)
def test_real_stacks(tmp_path, requirements):
    prefix = stack(tmp_path, *requirements)
    found = compare(prefix)
    assert found.edges > 50
    assert found.share >= 0.99, found.differences
    assert errors(prefix) == []


DLOPEN = """
import ctypes, json, os, sys
for path in json.load(sys.stdin):
    if not os.fork():
        ctypes.CDLL(path, mode=1)
        with open("/proc/self/maps") as maps:
            mapped = {line.split(None, 5)[5].strip() for line in maps if ".so" in line}
        print(json.dumps([path, sorted(mapped)]), flush=True)
        os._exit(0)
    os.wait()
"""


def test_modules_as_the_python_of_a_prefix_opens_them(real_prefix):
    root = real_prefix.resolve()
    found = read(real_prefix, "env")
    modules = [p for p in found.processes if p.kind == "extension"]
    done = subprocess.run(
        [real_prefix / "bin" / "python", "-I", "-c", DLOPEN],
        input=json.dumps([str(root / p.entry) for p in modules]),
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    truth = dict(map(json.loads, done.stdout.splitlines()))
    own = ("_ctypes.", "_struct.", "_json.", "libffi")  # of the program that tells
    assert len(modules) > 50
    for process in modules:
        said = {str((root / path).resolve()) for path in process.mapped}
        told = set(truth[str(root / process.entry)])
        assert {path for path in said if ".so" in path} <= told
        assert not [p for p in told - said if not any(word in p for word in own)]
