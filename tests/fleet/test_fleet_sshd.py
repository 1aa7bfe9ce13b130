"""Hosts behind a real server of OpenSSH on this machine, with keys of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SSHD = shutil.which("sshd", path=os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin")))
SERVER = """ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
StrictModes no
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
AcceptEnv WHERE CONDA_PREFLIGHT_CACHE
"""
CLIENT = """Host refused
  Port 1
Host unknown
  UserKnownHostsFile {folder}/none
Host changed
  HostKeyAlias changed
Host nokey
  IdentityFile {folder}/other_key
Host gpu1
  SetEnv WHERE={folder}/gpu1
Host gpu2
  SetEnv WHERE={folder}/gpu2
Host gpu3
  SetEnv WHERE={folder}/gpu3
Host * !nokey
  IdentityFile {folder}/user_key
Host *
  HostName 127.0.0.1
  Port {port}
  HostKeyAlias loopback
  UserKnownHostsFile {folder}/known
  IdentitiesOnly yes
  SendEnv CONDA_PREFLIGHT_CACHE
"""
PRIVATE = 'mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec "$@"'


def key(file):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
    return " ".join(file.with_suffix(".pub").read_text().split()[:2])


def started(words, port):
    """The server, once it listens; root's needs a folder that a private mount gives it."""
    if os.geteuid() == 0 and not Path("/run/sshd").is_dir():
        words = ["unshare", "--mount", "sh", "-c", PRIVATE, "sh", *words]
    process = subprocess.Popen(words, stderr=subprocess.PIPE)
    while process.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    pytest.skip(f"sshd does not run here: {process.communicate()[1].decode().strip()}")


def prefix(place, content):
    (place / "conda-meta").mkdir(parents=True)
    (place / "lib").mkdir()
    (place / "lib" / "libnccl.so.2.20.5").write_bytes(content)
    record = {"name": "nccl", "version": "2.20.5", "build": "0", "build_number": 0, "depends": []}
    record |= {"subdir": "linux-64", "channel": "https://conda.anaconda.org/conda-forge"}
    record |= {"files": ["lib/libnccl.so.2.20.5"]}
    (place / "conda-meta" / "nccl-2.20.5-0.json").write_text(json.dumps(record))
    return place


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Settings of ssh for hosts that are all this server, each with an environment of its own."""
    if SSHD is None or shutil.which("ssh") is None:
        pytest.skip("no server and client of OpenSSH here")
    monkeypatch.setenv("CONDA_PREFLIGHT_CACHE", str(tmp_path / "cache"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    host, _, other = (key(tmp_path / f"{name}_key") for name in ("host", "user", "other"))
    (tmp_path / "known").write_text(f"loopback {host}\nchanged {other}\n")
    (tmp_path / "config").write_text(CLIENT.format(folder=tmp_path, port=port))
    for node, content in (("gpu1", b"nccl"), ("gpu2", b"nccl"), ("gpu3", b"else")):
        prefix(tmp_path / node, content)
    (tmp_path / "sshd_config").write_text(SERVER.format(folder=tmp_path, port=port))
    process = started([SSHD, "-D", "-e", "-f", str(tmp_path / "sshd_config")], port)
    yield tmp_path
    process.terminate()
    process.wait()
    process.stderr.close()


def asked(folder, hosts, *words):
    """The exit code, and the nodes of the answer by name with the whole of it."""
    program = [sys.executable, "-m", "conda_preflight", "fleet", "--no-ledger", "--hosts", "-"]
    there = ("--command", f"{sys.executable} -m conda_preflight", "--format", "json")
    told = subprocess.run(
        [*program, "--ssh-config", str(folder / "config"), *there, *words],
        input="\n".join(hosts).encode(),
        capture_output=True,
        check=False,
    )
    assert told.stdout, told.stderr.decode()
    found = json.loads(told.stdout)
    return told.returncode, {each["node"]: each for each in found["nodes"]}, found


def test_the_altered_environment_is_named(server):
    hosts = ("[gpus]", "gpu1 slots=8", "gpu2 slots=8", "gpu3 slots=8")
    code, nodes, found = asked(server, hosts, "--prefix", "$WHERE")
    assert (code, found["verdict"]) == (1, "NO_GO")
    assert nodes["gpu1"]["differs"] == nodes["gpu2"]["differs"] == []
    facts = {each["fact"]: each["outliers"] for each in found["differences"]}
    assert facts["files"] == facts["bundled.libnccl"] == ["gpu3"]
    (unlike,) = found["environments"]
    assert (unlike["node"], unlike["changed"]) == ("gpu3", ["lib/libnccl.so.2.20.5"])
    assert nodes["gpu1"]["clock"]["bound"] < 5


def test_each_refusal_of_a_real_client_has_its_reason(server):
    hosts = ("gpu1", "refused", "unknown", "changed", "nokey")
    code, nodes, _ = asked(server, hosts)
    reasons = {name: node["reason"].partition(" (")[0] for name, node in nodes.items()}
    assert code == 2
    assert nodes["gpu1"]["status"] == "reached"
    assert reasons["refused"] == "no ssh server answers there"
    assert reasons["unknown"].startswith("its host key is not known here")
    assert reasons["changed"].startswith("its host key is not the one that is known here")
    assert reasons["nokey"] == "it takes none of the keys that ssh has here"
    assert not (server / "none").exists()  # nothing was believed


def test_a_program_that_is_not_there_and_one_that_is_slow(server):
    (node,) = asked(server, ("gpu1",), "--command", "/nowhere/x")[1].values()
    assert node["reason"].startswith("there is no /nowhere/x there")
    code, nodes, _ = asked(server, ("gpu1",), "--command", "sleep 3600", "--node-timeout", "3")
    assert (code, nodes["gpu1"]["status"]) == (2, "failed")
    words = ("--command", "sh -c 'sleep 3600'", "--node-timeout", "3")
    assert asked(server, ("gpu1",), *words)[1]["gpu1"]["status"] == "timed out"


def test_a_server_turns_none_of_many_away(server):
    hosts = [f"node{number}" for number in range(24)]
    _, nodes, _ = asked(server, hosts, "--command", "true")
    assert {node["reason"] for node in nodes.values()} == {"what it sent is no answer"}
