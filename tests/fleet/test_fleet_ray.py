"""A cluster of Ray on this machine: an altered environment, another driver, a node that dies."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conda_preflight.fleet.one_project import audited
from conda_preflight.fleet.project_results import LINES, report_file
from conda_preflight.fleet.project_results import read as read_results

pytestmark = pytest.mark.slow

ray = pytest.importorskip("ray", reason="the extra ray is not installed")

NVML = Path(__file__).parents[1] / "probing" / "fake_nvml.c"
STORE = 80 * 2**20


def command(*words, **more):
    return [sys.executable, "-m", "conda_preflight", "fleet", "--no-ledger", *words]


def driver_library(folder, version):
    """A library of NVIDIA's management that tells this version of the driver."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")
    folder.mkdir()
    source = folder / "nvml.c"
    source.write_text(NVML.read_text().replace("535.104.05", version))
    library = folder / "libnvidia-ml.so.1"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    return str(folder)


def prefix(place, content=b"nccl"):
    (place / "conda-meta").mkdir(parents=True)
    (place / "lib").mkdir()
    (place / "lib" / "libnccl.so.2.20.5").write_bytes(content)
    record = {"name": "nccl", "version": "2.20.5", "build": "0", "build_number": 0, "depends": []}
    record |= {"subdir": "linux-64", "channel": "https://conda.anaconda.org/conda-forge"}
    record |= {"files": ["lib/libnccl.so.2.20.5"]}
    (place / "conda-meta" / "nccl-2.20.5-0.json").write_text(json.dumps(record))
    return str(place)


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """Four nodes with variables of their own, of which the last answers late."""
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("CONDA_PREFLIGHT_CACHE", str(tmp_path / "cache"))
    usual, other = (
        driver_library(tmp_path / "u", "550.54.15"),
        driver_library(tmp_path / "o", "535.1.1"),
    )
    alike, altered = prefix(tmp_path / "alike"), prefix(tmp_path / "altered", b"else")
    nodes = {
        "node-good": {"LD_LIBRARY_PATH": usual, "ENVIRONMENT": alike},
        "node-altered": {"LD_LIBRARY_PATH": usual, "ENVIRONMENT": altered},
        "node-driver": {"LD_LIBRARY_PATH": other, "ENVIRONMENT": alike},
        "node-killed": {"LD_LIBRARY_PATH": usual, "ENVIRONMENT": alike, "FAKE_NVML": "hang"},
    }
    made = Cluster()
    by_name = {}
    for number, (name, variables) in enumerate(nodes.items()):
        own = {"node_ip_address": f"127.0.0.{number + 1}"} if number else {}  # the head has ours
        by_name[name] = made.add_node(
            num_cpus=1,
            node_name=name,
            env_vars=variables,
            object_store_memory=STORE,
            include_dashboard=False,
            **own,
        )
    made.wait_for_nodes()
    yield made, by_name
    made.shutdown()


def is_asked(node):
    """Whether the node runs the program that answers."""
    for status in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (status / "cmdline").read_bytes()
            environment = (status / "environ").read_bytes()
            if b"answer_json" in words and b"FAKE_NVML=hang" in environment:
                return True
    return False


def test_the_altered_the_other_and_the_dead_node_are_named(cluster):
    made, nodes = cluster
    words = ("--ray", made.address, "--prefix", "$ENVIRONMENT", "--format", "json", "--no-cache")
    process = subprocess.Popen(command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while not is_asked("node-killed") and time.monotonic() < deadline:
        time.sleep(0.1)
    made.remove_node(nodes["node-killed"], allow_graceful=False)
    output, errors = process.communicate(timeout=240)
    assert output.startswith(b"{"), (output[:300], errors)
    found = json.loads(output)
    told = {each["node"]: each for each in found["nodes"]}
    assert process.returncode == 1, errors
    assert set(told) == set(nodes)
    assert told["node-killed"]["verdict"] == "UNKNOWN"
    assert told["node-killed"]["status"] == "dead"
    facts = {each["fact"]: each["outliers"] for each in found["differences"]}
    assert facts["driver"] == ["node-driver"]
    assert facts["files"] == facts["bundled.libnccl"] == ["node-altered"]
    assert facts["variable.LD_LIBRARY_PATH"] == ["node-driver"]
    (unlike,) = found["environments"]
    assert (unlike["node"], unlike["changed"]) == ("node-altered", ["lib/libnccl.so.2.20.5"])
    assert told["node-good"]["differs"] == []
    assert told["node-good"]["clock"]["bound"] < 5


def project(folder, number):
    place = folder / f"p{number:03}"
    place.mkdir(parents=True)
    text = f"name: p{number}\nchannels: [conda-forge]\ndependencies: [python=3.11, numpy]\n"
    (place / "environment.yml").write_text(text)
    return place


def test_many_projects_go_on_after_a_kill_and_equal_local_audits(tmp_path, monkeypatch):
    projects = [project(tmp_path / "many", number) for number in range(300)]
    (projects[7] / "environment.yml").write_bytes(b"\xff\x00: [")
    results = tmp_path / "results"
    words = ("--projects", f"{tmp_path}/many/*", "--results", str(results), "--workers", "2")
    first = subprocess.Popen(command(*words), stdout=subprocess.DEVNULL, start_new_session=True)
    lines = results / LINES
    while not lines.exists() or lines.read_bytes().count(b"\n") < 20:
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    before = lines.read_bytes().count(b"\n")
    assert before < 300
    done = subprocess.run(command(*words, "--format", "json"), capture_output=True, check=False)
    found = json.loads(done.stdout)
    assert found["projects"] == 300
    assert done.returncode == 1
    assert len(list(read_results(results))) == 300
    for each in projects:
        assert report_file(results, str(each)).read_bytes() == audited(str(each), {}, "")[1]
    (projects[3] / "environment.yml").write_text("name: other\n")
    subprocess.run(command(*words), capture_output=True, check=False)
    assert [r.project for r in read_results(results)][300:] == [str(projects[3])]
