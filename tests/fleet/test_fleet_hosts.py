"""Hosts asked over ssh, by a client that fails in each way, and lists of hosts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from conda_preflight.cli import main
from conda_preflight.engines import ssh_client
from conda_preflight.engines.ssh_client import Heard
from conda_preflight.errors import UsageError
from conda_preflight.fleet import host_list
from conda_preflight.fleet.answers import Clock, Listing, NodeAnswer, written
from conda_preflight.fleet.collect import Request
from conda_preflight.fleet.remote_question import Moments, answer, command_line
from conda_preflight.fleet.ssh_troubles import reason

SSH = r"""#!/bin/sh
printf '%s\n' "$@" > "$FAKE/$$.words"
while [ "$1" != -- ]; do shift; done
host=$2 command=$3
export NODE="$host" PATH="$FAKE/bin:/usr/bin:/bin"
said() { printf '%s\n' "$1" >&2; exit "${2-255}"; }
case $host in
  refused) said "ssh: connect to host refused port 22: Connection refused" ;;
  unknown) said "Host key verification failed." ;;
  nokey) said "a@nokey: Permission denied (publickey)." ;;
  hostile) said "$(printf '\033[31mred\033[0m')" ;;
  old) said "Error: No such command 'fleet'." 2 ;;
  killed) kill -TERM $$ ;;
  nothing) exit 0 ;;
  hangs) echo $$ > "$FAKE/pid"; exec sleep 60 ;;
  endless) exec yes ;;
  forced) exec conda-preflight ;;
  noisy) printf 'Welcome!\nlast login: '; sh -c "$command"; echo bye ;;
  *) exec sh -c "$command" ;;
esac
"""
PROGRAM = """#!/bin/sh
printf '%s\\n' "$@" > "$FAKE/$NODE.asked"
case $NODE in
  half) printf '{"schema": "conda-preflight/node/1", "vers' ;;
  *) cat "$FAKE/${NODE#*@}.json" ;;
esac
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A folder with a client, the program that it runs there, and an answer for each node."""
    for name, text in (("ssh", SSH), ("bin/conda-preflight", PROGRAM)):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("FAKE", str(tmp_path))
    for node in ("a", "b", "c", "noisy", "forced"):
        digest = "2" if node == "c" else "1"
        told = NodeAnswer(
            node,
            measured={"files": digest, "packages": "1"},
            report={},
            listing=Listing({"lib/x": digest}, {"conda:x": "1 0"}),
        )
        (tmp_path / f"{node}.json").write_text(json.dumps(written(told)) + "\n")
    (tmp_path / "other.json").write_text('{"schema": "conda-preflight/node/1", "version": "0"}\n')
    return tmp_path


def run(folder, hosts, *words):
    file = folder / "hosts"
    file.write_text("\n".join(hosts))
    told = CliRunner(catch_exceptions=False).invoke(
        main, ["fleet", "--hosts", str(file), "--format", "json", *words]
    )
    found = json.loads(told.stdout)
    return told.exit_code, found, {each["node"]: each for each in found["nodes"]}


def test_hosts_are_asked_and_the_odd_one_is_named(fake):
    code, found, nodes = run(fake, ["a slots=8", "me@b:2222", "c", "a"], "--prefix", "/e v")
    assert (code, found["verdict"]) == (1, "NO_GO")
    assert set(nodes) == {"a", "me@b:2222", "c"}
    assert nodes["c"]["differs"] == ["files"]
    assert found["environments"][0]["changed"] == ["lib/x"]
    assert abs(nodes["a"]["clock"]["ahead"]) <= nodes["a"]["clock"]["bound"] + 0.01
    assert nodes["a"]["measured"]["clock"] == "within 0.5 s"
    asked = (fake / "a.asked").read_text().split("\n")
    assert asked == ["fleet", "--here", "--listing", "--prefix=/e v", ""]


def test_ssh_is_told_to_ask_nobody_and_to_forward_nothing(fake):
    run(fake, ["me@b:2222"], "--ssh-config", "some where", "--workers", "1")
    (file,) = fake.glob("*.words")
    words = file.read_text().split("\n")
    assert {"-oBatchMode=yes", "-oForwardAgent=no", "-oForwardX11=no", "-T"} <= set(words)
    assert not [word for word in words if "StrictHostKeyChecking" in word]
    assert words[words.index("-F") + 1] == "some where"
    assert words[words.index("-p") + 1] == "2222"
    assert words[words.index("--") + 1] == "me@b"


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("refused", "no ssh server answers there (ssh: connect to host refused"),
        ("unknown", "its host key is not known here; connect once by hand"),
        ("nokey", "it takes none of the keys that ssh has here (a@nokey: Permission denied"),
        ("hostile", "ssh could not ask it"),
        ("old", "conda-preflight ended there with exit code 2 (Error: No such command"),
        ("killed", "ssh was ended by signal 15"),
        ("nothing", "what it sent is no answer"),
        ("half", "its answer broke off"),
        ("other", "has conda-preflight 0, and here it is"),
        ("endless", "what it sent is larger than 64 MiB"),
    ],
)
def test_a_host_that_cannot_be_asked_has_a_reason(fake, host, why):
    code, _, nodes = run(fake, ["a", host])
    assert (code, nodes["a"]["status"]) == (2, "reached")
    assert (nodes[host]["status"], nodes[host]["verdict"]) == ("failed", "UNKNOWN")
    assert nodes[host]["reason"].startswith(why)


def test_what_a_host_says_does_not_act_on_the_terminal(fake):
    (fake / "hosts").write_text("hostile\n")
    told = CliRunner().invoke(main, ["fleet", "--hosts", str(fake / "hosts")])
    assert "\\x1b[31mred" in told.stdout
    assert "\x1b" not in told.stdout


def test_a_program_that_is_not_there_is_told(fake):
    _, _, nodes = run(fake, ["a"], "--command", "nowhere/bin/x --y")
    assert nodes["a"]["reason"].startswith("there is no nowhere/bin/x there; name its path")


def test_noise_and_a_forced_command_leave_the_answer(fake):
    _, _, nodes = run(fake, ["noisy", "forced"])
    assert nodes["noisy"]["status"] == nodes["forced"]["status"] == "reached"
    assert nodes["noisy"]["clock"]
    assert nodes["forced"]["clock"] is None


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_takes_too_long_is_ended(fake):
    code, _, nodes = run(fake, ["a", "hangs"], "--node-timeout", "1")
    assert (code, nodes["hangs"]["status"]) == (2, "timed out")
    assert nodes["hangs"]["reason"] == "no answer in 1 seconds"
    assert is_gone(int((fake / "pid").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 2), (signal.SIGTERM, -signal.SIGTERM)])
def test_an_interrupt_ends_what_was_begun(fake, sent, code):
    (fake / "hosts").write_text("hangs\n")
    words = [sys.executable, "-m", "conda_preflight", "fleet", "--hosts", str(fake / "hosts")]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (fake / "pid").exists() or not (fake / "pid").read_text().strip():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (code, b"\nStopped.\n")
    assert is_gone(int((fake / "pid").read_text()))


def begun(line):
    """A line in a shell with a session of its own, as a server of ssh starts it."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(["sh", "-c", line], start_new_session=True, **pipes)
    process.stdin.write(b"\n\n\n\n")
    process.stdin.flush()
    return process


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_question_and_what_it_started_end_with_the_connection(fake):
    program = fake / "bin" / "slow"
    program.write_text('#!/bin/sh\nsleep 60 & echo $! > "$FAKE/pid"; wait\n')
    program.chmod(0o755)
    line = command_line((str(program),), Request())
    process = begun(line)
    while not (fake / "pid").exists() or not (fake / "pid").read_text().strip():
        time.sleep(0.02)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM
    while not is_gone(int((fake / "pid").read_text())):
        time.sleep(0.02)


def test_without_ssh_nobody_is_asked(fake, monkeypatch):
    monkeypatch.setenv("PATH", str(fake / "bin"))
    with pytest.raises(UsageError, match="There is no ssh here"):
        ssh_client.find()


def test_words_that_cannot_be_split_are_refused(fake):
    (fake / "hosts").write_text("a\n")
    words = ["fleet", "--hosts", str(fake / "hosts"), "--command", "'"]
    assert "cannot be split into words" in str(CliRunner().invoke(main, words).exception)


def test_a_list_has_hosts_comments_slots_and_groups():
    text = (
        "# all\n\n[gpus]\nnode1 slots=8 # big\nnode1 slots=4\nu@h.x:22\n[::1]:2222\nfe80::1%eth0\n"
        "DOM\\me@w max_slots=4\n"
    )
    found = [(each.name, each.destination, each.port) for each in host_list.read(text, "f")]
    assert found == [
        ("node1", "node1", 0),
        ("u@h.x:22", "u@h.x", 22),
        ("[::1]:2222", "::1", 2222),
        ("fe80::1%eth0", "fe80::1%eth0", 0),
        ("DOM\\me@w", "DOM\\me@w", 0),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("-oProxyCommand=x", "is no host"),
        ("-x@host", "is no host"),
        ("a@-host", "is no host"),
        ("host:99999", "is no host"),
        ("$(reboot)", "is no host"),
        ("a;b", "is no host"),
        ("node[01-16]", "is no host"),
        ("[all:vars]", "is no host"),
        ("web ansible_host=10.0.0.1", "is nothing that can be said"),
        ("host\x00", "is no host"),
        ("# nobody", "names no host"),
    ],
)
def test_a_line_that_says_something_else_is_refused(line, why):
    with pytest.raises(UsageError, match=why):
        host_list.read(f"good\n{line}\n" if line[0] != "#" else line, "hosts")


@given(st.text(max_size=60))
@example("é@x\n")
@example("a@b@c")
def test_no_list_gives_ssh_an_option_or_a_shell_a_command(text):
    try:
        found = host_list.read(text, "f")
    except UsageError:
        return
    for host in found:
        user, _, name = host.destination.rpartition("@")
        assert host.destination.isascii()
        assert not name.startswith("-")
        assert not user.startswith("-")
        assert not set(host.destination) & set(" \t\n\0'\"`$;&<>|(){}*?![]~")


def test_words_survive_the_other_shell():
    hostile = 'a\'b "$HOME" `id` \\ ; $(id)'
    request = Request(
        prefix=hostile, path="-x", select=("node", "cuda"), cache=False, verify="full"
    )
    line = command_line(("printf", "%s\\n"), request)
    process = begun(line)
    lines = process.stdout.read().decode().split("\n")
    process.communicate()
    assert lines[lines.index("fleet") :] == [
        "fleet",
        "--here",
        "--no-cache",
        "--full",
        f"--prefix={hostile}",
        "--select=node",
        "--select=cuda",
        "--",
        "-x",
        "",
    ]


def test_moments_may_come_in_pieces_and_without_a_number():
    moments = Moments()
    now = time.time()
    assert moments.reply(b"noise conda-pre") == b""
    assert moments.reply(b"flight clock %d.N\n" % now) == b"\n"
    assert moments.clock is None
    assert moments.reply(b"conda-preflight clock %.3f\n" % (now + 100)) == b"\n"
    assert isinstance(moments.clock, Clock)
    assert 99 < moments.clock.ahead < 101


def test_the_last_answer_counts_and_half_of_one_is_none():
    line = json.dumps(written(NodeAnswer("n"))).encode()
    assert answer(b"x\n" + line + b"\nbye\n") == line
    assert answer(b"no end of line " + line + b"\n") == line
    assert answer(b"x\n") is None
    with pytest.raises(Exception, match="broke off"):
        answer(line[:-5])


def test_a_reason_is_short_whatever_was_said():
    heard = Heard(said=b"\xff" * 8_000 + b"\r\n\r\n", code=255)
    assert len(reason(heard, "x")) < 300
