"""``lock`` as a person runs it: what it writes, what it says, and how it ends."""

from __future__ import annotations

import base64
import json
import lzma
import math
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conda_preflight.cli import run
from conda_preflight.documents import Lock
from conda_preflight.opening import source_of
from conda_preflight.readers import conda_lock, explicit_list, pixi_lock
from conda_preflight.testing.channel import (
    Fault,
    Server,
    SimpleIndex,
    make_wheel,
    on_platforms,
    record,
    write_channel,
)

SECRET = "hunter2hunter2"  # noqa: S105
STACK = (
    record("python", "3.11.7", depends=["lib >=1"]),
    record("app", "1.0", depends=["lib >=1"]),
    record("app", "2.0", depends=["lib >=2"]),
    record("lib", "1.0"),
    record("lib", "2.0"),
    record("other", "1.0"),
    record("other", "2.0"),
    record("tool", "1.0", noarch="python", subdir="noarch", depends=["python"]),
)
NEWER = (record("app", "3.0", depends=["lib >=3"]), record("lib", "3.0"), record("other", "3.0"))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A machine on which nobody has said anything and nothing is cached."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "CONDA_", "PIXI_", "RATTLER_")):
            monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    return tmp_path / "home"


class Place:
    """A project with a channel beside its manifest."""

    def __init__(self, folder, capsys):
        self.folder, self._capsys = folder, capsys
        folder.mkdir()
        self.channel(*STACK)

    def channel(self, *records, platforms=("linux-64",), name="c"):
        return write_channel(self.folder / name, records, platforms=platforms)

    def manifest(self, *specs, channels="[./c]", more=""):
        rows = "".join(f"  - {spec}\n" for spec in specs)
        text = f"name: x\nchannels: {channels}\n{more}dependencies:\n{rows}"
        (self.folder / "environment.yml").write_text(text)

    def run(self, *arguments):
        """The exit code and all that is said."""
        code = run(["lock", str(self.folder), *arguments])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def command(self, *arguments):
        return [sys.executable, "-m", "conda_preflight", "lock", str(self.folder), *arguments]

    def text(self, name="conda-lock.yml"):
        return (self.folder / name).read_text()

    def lock(self, name="conda-lock.yml"):
        reader = {"conda-lock.yml": conda_lock, "pixi.lock": pixi_lock}.get(name, explicit_list)
        data = (self.folder / name).read_bytes()
        return next(d for d in reader.read(source_of(data, name)) if isinstance(d, Lock))

    def versions(self, name="conda-lock.yml"):
        return {f"{p.name}={p.version}" for p in self.lock(name).packages}

    def files(self):
        """All files but the channel, so that a forgotten one is seen."""
        return {f.name for f in self.folder.iterdir() if f.is_file()} - {"environment.yml"}


@pytest.fixture
def place(tmp_path, capsys):
    return Place(tmp_path / "project", capsys)


def test_it_solves_and_writes_the_lock(place):
    place.manifest("app", "tool")
    code, said = place.run()
    assert (code, "linux-64: 4 conda packages" in said) == (0, True)
    assert place.versions() == {"app=2.0", "lib=2.0", "python=3.11.7", "tool=1.0"}
    assert place.files() == {"conda-lock.yml"}


def test_without_a_change_nothing_is_written(place):
    place.manifest("app")
    place.run()
    before = (place.folder / "conda-lock.yml").stat()
    code, said = place.run()
    assert (code, "nothing was written" in said) == (0, True)
    after = (place.folder / "conda-lock.yml").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert run(["lock", str(place.folder), "--check"]) in {0, 1}


def test_dry_run_writes_nothing(place):
    place.manifest("app")
    code, said = place.run("--dry-run", "--snapshot")
    assert (code, "--dry-run" in said, place.files()) == (0, True, set())


def test_no_solution_is_explained_and_leaves_the_old_lock(place):
    place.manifest("app")
    place.run()
    before = place.text()
    place.manifest("app=2", "lib=1")
    code, said = place.run()
    assert code == 1
    assert "These lines cannot be met together:" in said
    assert re.search(r"4 .* app=2\n +5 .* lib=1", said)
    assert "app 2.0 needs lib >=2." in said
    assert "This would solve it, as was tried:" in said
    assert place.text() == before


def test_what_cannot_be_tried_is_2(place):
    place.manifest("app", channels="[./none]")
    code, said = place.run()
    assert (code, "it could not be tried" in said, place.files()) == (2, True, set())


def test_a_line_that_conda_cannot_read_is_never_left_out(place):
    place.manifest("app", "lib=1.0=")
    code, said = place.run()
    assert (code, "Line 5" in said, place.files()) == (2, True, set())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--platform", "plan9-64"],
        ["--platform", "../../x"],
        ["--seconds", "nan"],
        ["--seconds", "0"],
        ["--seconds", "-1"],
        ["--virtual-package", "cuda=12"],
        ["--virtual-package", "__cuda=%%"],
        ["--exclude-newer", "yesterday"],
        ["--exclude-newer", "0001-01-01T00:00+14:00"],
        ["--channel-alias", "nowhere"],
        ["--channel-priority", "flexible"],
        ["--format", "toml"],
        ["--manifest", "none.yml"],
        ["--target", "none.json"],
    ],
)
def test_wrong_use_is_2_and_a_sentence(place, arguments):
    place.manifest("app")
    code, said = place.run(*arguments)
    assert (code, "Traceback" in said, place.files()) == (2, False, set())
    assert said.strip()


def test_a_folder_without_a_manifest_or_with_two(place):
    assert place.run()[0] == 2
    place.manifest("app")
    (place.folder / "other.yml").write_text("name: y\nchannels: [./c]\ndependencies: [lib]\n")
    code, said = place.run()
    assert (code, "2 manifests" in said) == (2, True)
    code, _ = place.run("--manifest", str(place.folder / "other.yml"))
    assert (code, place.versions()) == (0, {"lib=2.0"})


PIXI = """
[workspace]
name = "x"
channels = ["./c"]
platforms = ["linux-64"]
[dependencies]
app = "1.*"
[feature.more.dependencies]
other = "*"
[environments]
full = ["more"]
"""


def test_an_environment_of_a_pixi_workspace(place):
    (place.folder / "pixi.toml").write_text(PIXI)
    code, said = place.run()
    assert (code, "default, full" in said, "--environment" in said) == (2, True, True)
    assert place.run("--environment", "none")[0] == 2
    assert place.run("--environment", "full")[0] == 0
    assert place.versions() == {"app=1.0", "lib=2.0", "other=2.0"}
    assert place.run("--environment", "default", "--format", "pixi")[0] == 0
    assert place.versions("pixi.lock") == {"app=1.0", "lib=2.0"}


# What moves


def test_an_update_moves_what_it_must_and_no_more(place):
    place.manifest("app", "other")
    place.run()
    place.channel(*STACK, *NEWER)
    assert place.run()[0] == 0
    assert place.versions() == {"app=2.0", "lib=2.0", "other=2.0"}
    code, said = place.run("--update", "App")
    assert (code, "app 2.0 -> 3.0" in said) == (0, True)
    assert place.versions() == {"app=3.0", "lib=3.0", "other=2.0"}
    code, said = place.run("--fresh")
    assert place.versions() == {"app=3.0", "lib=3.0", "other=3.0"}


def test_an_update_of_what_is_not_there(place):
    place.manifest("app")
    place.run()
    code, said = place.run("--update", "apps")
    assert (code, "There is app." in said) == (2, True)


def test_a_new_line_leaves_the_rest(place):
    place.manifest("app")
    place.run()
    place.channel(*STACK, *NEWER)
    place.manifest("app", "other")
    place.run()
    assert place.versions() == {"app=2.0", "lib=2.0", "other=3.0"}


def test_a_package_that_is_gone_is_replaced(place):
    place.manifest("app")
    place.run()
    place.channel(*(row for row in STACK if row["version"] != "2.0"))
    assert place.run()[0] == 0
    assert place.versions() == {"app=1.0", "lib=1.0"}


# Platforms and machines


def test_each_platform_or_none(place):
    place.channel(*on_platforms(("linux-64", "osx-arm64"), STACK), platforms=("win-64",))
    place.manifest("app", "other  # [linux]", more="platforms: [linux-64, osx-arm64]\n")
    assert place.run()[0] == 0
    found = {(p.platform, p.name, p.subdir) for p in place.lock().packages}
    assert ("osx-arm64", "app", "osx-arm64") in found
    assert {(platform, name) for platform, name, _ in found if name == "other"} == {
        ("linux-64", "other")
    }
    before = place.text()
    code, said = place.run("--platform", "linux-64", "--platform", "win-64")
    assert (code, "on win-64: there is no solution" in said) == (1, True)
    assert place.text() == before


GPU = (
    record("torch", "2.0", build="cuda", build_number=1, depends=["__cuda >=12"]),
    record("torch", "2.0", build="cpu"),
    record("new", "1.0", depends=["__glibc >=2.34"]),
)
SHEET = {
    "schema": "conda-preflight/host/1",
    "os": "linux",
    "arch": "x86_64",
    "glibc": "2.35",
    "cuda": "12.4",
    "gpus": [{"name": "A100", "capability": "8.0"}],
}


def test_the_target_decides_which_build(place, monkeypatch):
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "13.0")
    place.channel(*GPU)
    place.manifest("torch")
    place.run()
    assert place.lock().packages[0].build == "cpu"
    assert place.run("--virtual-package", "__cuda=12.8")[0] == 0
    assert "__cuda=12.8=0" in place.text()
    place.run("--fresh", "--virtual-package", "__cuda=12.8")
    assert place.lock().packages[0].build == "cuda"
    sheet = place.folder / "a100.json"
    sheet.write_text(json.dumps(SHEET))
    place.manifest("torch", "new")
    assert place.run("--fresh")[0] == 1
    assert place.run("--fresh", "--target", str(sheet))[0] == 0
    assert "__cuda_arch=8.0=0 __glibc=2.35=0" in place.text()


def test_one_target_at_a_time(place, tmp_path):
    place.channel(*GPU)
    place.manifest("torch")
    sheets = []
    for name, cuda in (("new.json", "12.4"), ("old.json", "11.8")):
        (tmp_path / name).write_text(json.dumps({**SHEET, "cuda": cuda}))
        sheets += ["--target", str(tmp_path / name)]
    code, said = place.run(*sheets)
    assert (code, "one target" in said) == (2, True)
    assert place.run(*sheets[2:])[0] == 0
    assert place.lock().packages[0].build == "cpu"


# Formats


@pytest.mark.parametrize(
    ("form", "name"),
    [("conda-lock", "conda-lock.yml"), ("pixi", "pixi.lock"), ("explicit", "pinned_specs.txt")],
)
def test_each_format_says_the_same(place, form, name):
    place.manifest("app", "tool")
    assert place.run("--format", form)[0] == 0
    assert place.versions(name) == {"app=2.0", "lib=2.0", "python=3.11.7", "tool=1.0"}
    assert all(len(p.sha256 or p.md5) in {32, 64} for p in place.lock(name).packages)
    code, said = place.run("--format", form)
    assert (code, "nothing was written" in said) == (0, True)


def test_the_bytes_are_the_same_whatever_the_run(place):
    place.channel(*on_platforms(("linux-64", "osx-64"), [*STACK, *NEWER]))
    place.manifest("app", "other", "tool", more="platforms: [osx-64, linux-64]\n")
    found = set()
    for seed in ("0", "1", "42"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = place.command("--fresh", "--snapshot", "-q")
        assert subprocess.run(command, env=environment, check=False).returncode == 0
        names = sorted(place.files())
        found.add(tuple((name, (place.folder / name).read_bytes()) for name in names))
        for name in names:
            (place.folder / name).unlink()
    assert len(found) == 1


# Snapshots


def test_a_snapshot_repeats_the_lock_without_channels(place):
    place.channel(*on_platforms(("linux-64", "osx-64"), STACK))
    place.manifest("app", "tool", more="platforms: [linux-64, osx-64]\n")
    with Server(place.folder / "c") as server:
        place.manifest("app", "tool", channels=f'["{server.url}"]')
        assert place.run("--snapshot")[0] == 0
        place.run("--snapshot", "--fresh")
    before = {name: (place.folder / name).read_bytes() for name in place.files()}
    assert set(before) == {"conda-lock.yml", "conda-lock.yml.snapshot.json.xz"}
    (place.folder / "conda-lock.yml").unlink()
    assert place.run("--offline", "--fresh")[0] == 0
    assert {name: (place.folder / name).read_bytes() for name in place.files()} == before


def test_a_snapshot_is_kept_in_step(place):
    place.manifest("app")
    place.run("--snapshot")
    file = place.folder / "conda-lock.yml.snapshot.json.xz"
    before = file.read_bytes()
    place.channel(*STACK, *NEWER)
    _, said = place.run("--fresh")
    assert (file.name in said, file.read_bytes() != before) == (True, True)


def test_a_snapshot_proves_nothing_for_another_manifest(place):
    place.manifest("app=1")
    place.run("--snapshot")
    place.manifest("app=2")
    code, said = place.run("--offline")
    assert (code, "when its snapshot was made" in said) == (2, True)


def test_without_a_snapshot_and_a_network_nothing_is_asked(place):
    with Server(place.folder / "c") as server:
        place.manifest("app", channels=f'["{server.url}"]')
        code, said = place.run("--offline")
        assert (code, "--snapshot" in said, server.requests) == (2, True, [])
    place.manifest("app")
    assert place.run("--offline")[0] == 0


@pytest.mark.parametrize("data", [b"", b"garbage", b"\xfd7zXZ\x00", b"x" * 100])
def test_a_damaged_snapshot_is_a_sentence(place, data):
    place.manifest("app")
    (place.folder / "conda-lock.yml.snapshot.json.xz").write_bytes(data)
    code, said = place.run("--offline")
    assert (code, "snapshot" in said, "Traceback" in said) == (2, True, False)


# The pip half


@pytest.fixture
def index(tmp_path):
    wheels = tmp_path / "wheels"
    make_wheel(wheels, "web", "1.0", ["helper"])
    make_wheel(wheels, "helper", "1.0")
    with Server(SimpleIndex(wheels)) as server:
        server.wheels = wheels
        yield server


def pip_lines(index, *lines):
    rows = "".join(f"\n    - {line}" for line in (f"--index-url {index.url}/simple/", *lines))
    return f"pip:{rows}"


def test_both_halves_stand_in_one_lock(place, index):
    place.manifest("python", pip_lines(index, "web"))
    code, said = place.run()
    assert (code, "2 conda packages and 2 from the package index" in said) == (0, True)
    assert {"web=1.0", "helper=1.0"} < place.versions()
    make_wheel(index.wheels, "helper", "2.0")
    make_wheel(index.wheels, "web", "2.0", ["helper"])
    place.run()
    assert {"web=1.0", "helper=1.0"} < place.versions()
    place.run("--update", "web")
    assert {"web=2.0", "helper=1.0"} < place.versions()
    place.run("--fresh")
    assert {"web=2.0", "helper=2.0"} < place.versions()


def test_a_lock_from_an_index_in_a_folder_is_true_to_its_manifest(place, tmp_path, monkeypatch):
    make_wheel(tmp_path / "wheels" / "web", "web", "1.0")
    file = "web-1.0-py3-none-any.whl"
    (tmp_path / "wheels" / "web" / "index.html").write_text(f'<a href="{file}">{file}</a>')
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "wheels").as_uri())
    place.manifest("python=3.11.7", "pip:\n    - web==1.0")
    assert place.run()[0] == 0
    assert "file:///" in place.text()
    code, said = place.run("--check")
    assert (code, "exists on one machine" in said) == (0, False), said


def test_included_files_belong_to_the_pip_half(place, index):
    (place.folder / "requirements.txt").write_text("web\n")
    place.manifest("python", pip_lines(index, "-r requirements.txt"))
    assert place.run()[0] == 0
    assert "web=1.0" in place.versions()


def test_a_lock_is_told_in_chinese(place):
    place.manifest("app", "tool")
    code, said = place.run("--lang", "zh", "--dry-run")
    assert (code, "4 个 conda 软件包\n" in said) == (0, True), said
    assert "什么也没有写" in said
    place.manifest("app=2", "lib=1")
    code, said = place.run("--lang", "zh")
    assert (code, "linux-64 上的 environment.yml" in said) == (1, True), said
    assert "这些行无法同时满足" in said
    assert "app 2.0 需要 lib >=2。" in said
    assert "试过这样改就有解" in said


def test_a_pip_half_without_a_solution(place, index):
    place.manifest("python", pip_lines(index, "web==9"))
    code, said = place.run()
    assert (code, "the pip half has no solution" in said, place.files()) == (1, True, set())
    assert "Change one of these lines, or what conda installs." in said


def test_a_pip_half_without_a_python(place, index):
    place.manifest("lib", pip_lines(index, "web"))
    code, said = place.run()
    assert (code, "no Python" in said) == (2, True)


# Credentials


def test_credentials_are_in_no_file_and_no_word(place, index, tmp_path):
    with Server(place.folder / "c") as server:
        inner = server.site
        server.site = lambda path, headers: inner(path.replace(f"/t/{SECRET}", ""), headers)
        url = f"{server.url.replace('://', f'://me:{SECRET}@')}/t/{SECRET}"
        login = index.url.replace("://", f"://me:{SECRET}@")
        line = f"pip:\n    - --index-url {login}/simple/\n    - web"
        place.manifest("python", f"{url}::app", line, channels=f'["{url}"]')
        said = ""
        for form in ("conda-lock", "pixi", "explicit"):
            code, more = place.run("--format", form, "--snapshot")
            assert code == 0, more
            said += more
        place.manifest("python=9", f"{url}::app=9", line, channels=f'["{url}"]')
        code, more = place.run()
        assert code == 1
        said += more
        server.faults.append(Fault("*", status=403))
        code, more = place.run("--fresh")
        assert code == 2
        said += more
    assert SECRET not in said
    for name in place.files():
        data = (place.folder / name).read_bytes()
        data = lzma.decompress(data) if name.endswith(".xz") else data
        assert SECRET.encode() not in data, name


@pytest.mark.parametrize("where", ["RATTLER_AUTH_FILE", ".netrc", "NETRC", ".rattler", "address"])
def test_credentials_are_taken_from_where_they_belong(place, monkeypatch, home, where):
    home.mkdir()
    word = base64.b64encode(f"me:{SECRET}".encode()).decode()
    with Server(place.folder / "c", Fault("*", status=401, unless=f"Basic {word}")) as server:
        place.manifest("app", channels=f'["{server.url}"]')
        code, said = place.run()
        assert (code, "Log in" in said) == (2, True)
        logins = {"127.0.0.1": {"BasicHTTP": {"username": "me", "password": SECRET}}}
        netrc = f"machine 127.0.0.1\nlogin me\npassword {SECRET}\n"
        if where == "address":
            url = server.url.replace("://", f"://me:{SECRET}@")
            place.manifest("app", channels=f'["{url}"]')
        elif where == ".rattler":
            (home / ".rattler").mkdir()
            (home / ".rattler/credentials.json").write_text(json.dumps(logins))
        else:
            file = home / where
            file.write_text(json.dumps(logins) if where.startswith("RATTLER") else netrc)
            file.chmod(0o600)
            if not where.startswith("."):
                monkeypatch.setenv(where, str(file))
        code, said = place.run("--snapshot")
    assert (code, SECRET in said + place.text()) == (0, False)


# Faults


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 403},
        {"status": 404},
        {"cut": True, "after": 40},
        {"stall": math.inf},
        {"body": b"<html>"},
    ],
)
def test_a_server_with_a_fault_leaves_the_old_lock(place, fault):
    place.manifest("app")
    place.run()
    before = place.text()
    with Server(place.folder / "c", Fault("*", **fault)) as server:
        place.manifest("app", channels=f'["{server.url}"]')
        start = time.monotonic()
        code, said = place.run("--seconds", "1")
    assert (code, "it could not be tried" in said, place.text()) == (2, True, before)
    assert (time.monotonic() - start < 20, "Traceback" in said) == (True, False)


def test_a_lock_that_leads_elsewhere_is_not_written_through(place, tmp_path):
    outside = tmp_path / "outside.yml"
    outside.write_text("mine")
    (place.folder / "conda-lock.yml").symlink_to(outside)
    place.manifest("app")
    code, said = place.run()
    assert (code, outside.read_text(), "Traceback" in said) == (2, "mine", False)


def test_a_folder_that_cannot_be_written_is_a_sentence(place):
    place.manifest("app")
    (place.folder / "conda-lock.yml").mkdir()
    code, said = place.run()
    assert (code, "Traceback" in said) == (2, False)


def test_killed_at_any_moment_the_lock_is_the_old_or_the_new(place):
    """Both are written in turns, and each process is killed somewhere in its short life."""
    place.manifest("app=1")
    place.run()
    old = place.text()
    place.manifest("app=2")
    start = time.monotonic()
    subprocess.run(place.command("-q"), check=True)
    whole = time.monotonic() - start
    wanted = {old, place.text()}
    assert len(wanted) == 2
    moments = random.Random()  # noqa: S311
    for turn in range(10):
        place.manifest("app=1" if turn % 2 else "app=2")
        process = subprocess.Popen(place.command("-q"), stderr=subprocess.DEVNULL)
        time.sleep(whole * moments.uniform(0.3, 1.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert place.text() in wanted
    assert place.run()[0] == 0
    assert place.text() in wanted


def test_an_interruption_ends_it_at_once(place):
    with Server(place.folder / "c", Fault("*", stall=math.inf, after=10)) as server:
        place.manifest("app", channels=f'["{server.url}"]')
        start = time.monotonic()
        process = subprocess.Popen(
            place.command(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        while not server.requests and time.monotonic() - start < 10:
            time.sleep(0.05)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        said, _ = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in said) == (2, False)
    assert time.monotonic() - start < 5


def test_two_at_once_on_one_cache(place, tmp_path, capsys):
    other = Place(tmp_path / "second", capsys)
    with Server(place.folder / "c") as server:
        for each in (place, other):
            each.manifest("app", "tool", channels=f'["{server.url}"]')
        processes = [
            subprocess.Popen(each.command("-q"), stderr=subprocess.PIPE)
            for each in (place, other) * 3
        ]
        codes = [process.wait(timeout=60) for process in processes]
        for process in processes:
            process.stderr.close()
    assert codes == [0] * 6
    assert place.text() == other.text()


def test_nothing_stays_in_the_temporary_folder(place, tmp_path):
    place.manifest("app")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "TMPDIR": str(scratch)}
    for arguments in (["--snapshot"], ["--offline", "--fresh"], ["--update", "none"]):
        subprocess.run(
            place.command("-q", *arguments), env=environment, check=False, capture_output=True
        )
    assert list(scratch.iterdir()) == []


def test_a_reader_who_went_away_is_no_traceback(place):
    place.manifest("app")
    command = " ".join(place.command()) + " | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr


def test_a_full_disk_for_what_is_said(place):
    place.manifest("app")
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            place.command(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
