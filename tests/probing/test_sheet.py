"""The sheet that a probe writes is the one that an audit reads, and tells nothing private."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import GPU, Host, Location, Source, Trial
from conda_preflight.documents.host import MAX_FACT, UNLIMITED
from conda_preflight.probing import sheet_json
from conda_preflight.probing.privacy import Privacy
from conda_preflight.probing.sheet import probe
from conda_preflight.readers import host as reader


def read(text: str) -> Host:
    source = Source("x.json", text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))
    found, layout = reader.read(source)
    assert isinstance(found, Host)
    assert not layout.unknown
    return found


def facts_of(host: Host) -> tuple[object, ...]:
    names = [name for name in Host.__slots__ if name not in ("path", "location")]
    return tuple(getattr(host, name) for name in names)


TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp")), max_size=20
)
VERSION = st.sampled_from(["", "2.31", "535.104.05", "5.15.0-91-generic"])
NAME = st.from_regex(r"[A-Za-z0-9_.:@/+-]{1,40}", fullmatch=True)
FACTS = st.dictionaries(NAME, TEXT, max_size=8).map(lambda d: tuple(sorted(d.items())))
NUMBER = st.none() | st.integers(0, UNLIMITED)
GPUS = st.builds(
    GPU, TEXT, st.sampled_from(["", "9.0", "10.3a", "gfx942"]), st.integers(0, 200_000)
)
TRIALS = st.builds(Trial, TEXT, st.sampled_from(reader.STATUSES), TEXT, FACTS)
HOSTS = st.builds(
    Host,
    path=st.just("x"),
    location=st.just(Location("x")),
    name=TEXT,
    os=st.sampled_from(["", *reader.SYSTEMS]),
    arch=TEXT,
    glibc=VERSION,
    kernel=VERSION,
    driver=VERSION,
    cuda=VERSION,
    gpus=st.none() | st.lists(GPUS, max_size=3).map(tuple),
    archspec=TEXT,
    shm_mib=NUMBER,
    memlock_kib=NUMBER,
    container=TEXT,
    node=FACTS,
    trials=st.lists(TRIALS, max_size=3).map(tuple),
)


@given(HOSTS)
def test_what_is_written_is_read_back(host):
    assert facts_of(read(sheet_json.write(host))) == facts_of(host)


def test_this_machine_is_read_back():
    found = probe()
    assert facts_of(read(sheet_json.write(found))) == facts_of(found)
    assert list(found.node) == sorted(found.node)


@pytest.mark.parametrize(("platform", "name"), [("darwin", "darwin"), ("freebsd14", "")])
def test_machines_that_are_no_linux(monkeypatch, platform, name):
    monkeypatch.setattr(sys, "platform", platform)
    found = probe(seconds=10)
    assert found.os == name
    assert found.gpus == (() if platform == "darwin" else None)
    assert read(sheet_json.write(found)).os == name


SECRETS = {
    "USER": "quillfeather",
    "HOME": "/home/quillfeather",
    "HOSTNAME": "rack17-blade4.corp.example.org",
    "CUDA_VISIBLE_DEVICES": "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6",
    "NVIDIA_VISIBLE_DEVICES": "MIG-377e0049-554c-540b-93c6-d0976f8426cb",
    "LD_LIBRARY_PATH": "/home/quillfeather/lib:/scratch/quillfeather/cuda/lib64:/data/users/mole/x",
    "PYTHONPATH": "/Users/othermole/src",
    "TORCH_HOME": "https://bob:hunter2secret@conda.example.org/torch",
    "NCCL_SOCKET_IFNAME": "eth0",
    "NCCL_DEBUG_FILE": "/var/log/rack17-blade4.log",
    "TF_VAR_password": "terraformpw",
    "TF_CLI_CONFIG_FILE": "/root/.terraformrc",
    "NVIDIA_API_KEY": "nvapi-abcdefghijklmnopqrstuvwxyz0123",
    "CUDA_TOKEN": "plainsecret",
    "AWS_SECRET_ACCESS_KEY": "awssecret",
    "XLA_FLAGS": "--token=abcdef0123456789",
}
PRIVATE = (
    *("quillfeather", "rack17", "8932f937", "377e0049", "mole", "hunter2", "terraform", "nvapi"),
    *("plainsecret", "awssecret", "abcdef0123456789"),
)


def test_nothing_private_is_told(tree):
    root = tree(
        {
            "/etc/hostname": "rack17-blade4\n",
            "/home/quillfeather/lib/libcuda.so.1": "x",
            "/home/quillfeather/.local/lib/python3.11/site-packages/hunter2-1.0.dist-info/": "",
            "/proc/cmdline": "BOOT_IMAGE=/vmlinuz ip=rack17 iommu=pt",
        }
    )
    text = sheet_json.write(probe(root, variables=SECRETS))
    assert not [word for word in PRIVATE if word in text]
    node = json.loads(text)["node"]
    assert node["variable.CUDA_VISIBLE_DEVICES"] == "GPU-***"
    assert node["variable.NVIDIA_VISIBLE_DEVICES"] == "MIG-***"
    assert node["variable.LD_LIBRARY_PATH"].startswith("/home/***/lib:")
    assert node["variable.NCCL_SOCKET_IFNAME"] == "eth0"
    assert node["library.libcuda"] == "/home/***/lib/libcuda.so.1"


def test_this_machine_is_not_named():
    assert socket.gethostname() not in sheet_json.write(probe()) or len(socket.gethostname()) < 3


@given(st.text(max_size=3000))
def test_any_text_can_be_shown(text):
    shown = Privacy({"USER": text[:20]}, text[-10:]).shown(text)
    assert len(shown) <= MAX_FACT
    assert shown.isprintable()


@given(st.dictionaries(st.text(max_size=9).map("CUDA_{}".format), st.text(max_size=99), max_size=9))
def test_any_variables_make_a_sheet(variables):
    from conda_preflight.probing import environment

    node = tuple(sorted(environment.facts(variables, Privacy(variables))))
    found = Host("x", Location("x"), node=node)
    assert read(sheet_json.write(found)).node == node


def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conda_preflight", "probe", *words]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **more}, check=False
    )


def test_the_command(tmp_path):
    done = run("--name", "mine")
    assert (done.returncode, done.stderr) == (0, "")
    assert read(done.stdout).name == "mine"
    file = tmp_path / "here.json"
    done = run("--output", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert read(file.read_text()).os in reader.SYSTEMS
    done = run("--format", "text")
    assert done.stdout.startswith("system")
    assert "GPUs" in done.stdout


def test_wrong_use_of_the_command(tmp_path):
    assert run("--root", str(tmp_path / "nowhere")).returncode == 2
    done = run("--output", str(tmp_path / "no" / "such" / "file.json"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["esc\x1b[31m", "half \ud800", "x" * 5000])
def test_a_name_that_no_sheet_can_hold(name):
    found = probe(name=name)
    assert read(sheet_json.write(found)).name == found.name
