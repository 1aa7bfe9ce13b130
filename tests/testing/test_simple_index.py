"""Wheels made here, and the index that pip and uv read."""

from __future__ import annotations

import json
import subprocess
import sys
from email.message import Message
from pathlib import Path

import pytest

from conda_preflight.testing.channel import Fault, Server, SimpleIndex, make_sdist, make_wheel


@pytest.fixture
def wheels(tmp_path):
    folder = tmp_path / "wheels"
    make_wheel(folder, "Some.App", "2.0", ["lib-two >=1", 'win; sys_platform == "win32"'])
    make_wheel(folder, "lib-two", "1.0")
    make_wheel(folder, "lib-two", "1.1", fields={"Requires-Python": ">=3.8"})
    make_sdist(folder, "lib-two", "1.2")
    return folder


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_same_arguments_give_the_same_bytes(tmp_path):
    for name in "ab":
        make_wheel(tmp_path / name, "x", "1", ["y"], {"x.py": b""}, entry_points="[a]\nb = x\n")
        make_sdist(tmp_path / name, "x", "1", ["y"])
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def accepting(kind):
    headers = Message()
    headers["Accept"] = kind
    return headers


def test_an_index_as_json(wheels):
    index = SimpleIndex(
        wheels,
        uploaded={"lib_two-1.0-py3-none-any.whl": "2024-01-01T00:00:00Z"},
        yanked={"lib_two-1.1-py3-none-any.whl": "broken"},
    )
    headers = accepting("application/vnd.pypi.simple.v1+json")
    names = json.loads(index("/simple/", headers).body)["projects"]
    assert names == [{"name": "lib-two"}, {"name": "some-app"}]
    first, second, sdist = json.loads(index("/simple/lib-two/", headers).body)["files"]
    assert first["upload-time"] == "2024-01-01T00:00:00Z"
    assert (second["yanked"], second["requires-python"]) == ("broken", ">=3.8")
    assert (sdist["filename"], "core-metadata" in sdist) == ("lib_two-1.2.tar.gz", False)
    assert index("/simple/none/", headers) is None
    assert index("/elsewhere", headers) is None


def test_an_index_as_html(wheels):
    index = SimpleIndex(wheels, yanked={"lib_two-1.1-py3-none-any.whl": 'a "bad" one'})
    text = index("/simple/lib-two/", accepting("text/html")).body.decode()
    assert 'data-requires-python="&gt;=3.8"' in text
    assert 'data-yanked="a &quot;bad&quot; one"' in text
    assert text.count("<a ") == 3
    assert 'href="lib-two/"' in index("/simple", accepting("")).body.decode()


def uv(server, *arguments):
    tool = Path(sys.executable).with_name("uv")
    if not tool.exists():
        pytest.skip("uv is not installed")
    index = f"{server.url}/simple"
    return subprocess.run(
        [tool, "pip", *arguments, "--default-index", index, "--no-cache", "--no-config"],
        capture_output=True,
        text=True,
        check=False,
        env={"UV_HTTP_RETRIES": "0", "PATH": ""},
    )


def test_uv_resolves_and_installs_from_it(wheels, tmp_path):
    asked = tmp_path / "requirements.in"
    asked.write_text("some-app\n")
    with Server(SimpleIndex(wheels)) as server:
        locked = uv(server, "compile", str(asked), "--generate-hashes", "--only-binary=:all:", "-q")
        assert "lib-two==1.1" in locked.stdout, locked.stderr
        assert "some-app==2.0" in locked.stdout
        target = tmp_path / "site"
        done = uv(server, "install", "some-app", "lib-two==1.0", "--target", str(target), "-q")
        assert done.returncode == 0, done.stderr
    assert (target / "lib_two.py").read_text() == '__version__ = "1.0"\n'


def test_uv_meets_faults(wheels, tmp_path):
    with Server(SimpleIndex(wheels), Fault("/files/lib*.whl", corrupt=True)) as server:
        done = uv(server, "install", "lib-two==1.0", "--target", str(tmp_path / "site"))
    assert done.returncode != 0
