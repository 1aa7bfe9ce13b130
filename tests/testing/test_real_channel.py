"""A real channel: the interpreter and wheels become packages that run where they are installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from conda_preflight.testing.channel import (
    cached_channel,
    download_wheels,
    index_channel,
    make_wheel,
    read_record,
    real,
    write_artifact,
    write_wheel,
)
from conda_preflight.testing.channel.__main__ import main
from conda_preflight.testing.channel.interpreter import interpreter_packages

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages made here are for Linux")

USE = """
import bz2, ctypes, curses.panel, hashlib, json, lzma, readline, sqlite3, ssl, sys, sysconfig, uuid
import zlib, zoneinfo
import numpy, requests
with open("/proc/self/maps") as maps:
    libraries = sorted({line.split()[-1] for line in maps if ".so" in line})
print(json.dumps({
    "prefix": sys.prefix,
    "sysconfig": sysconfig.get_config_var("prefix"),
    "zone": zoneinfo.TZPATH,
    "product": int(numpy.arange(3) @ numpy.arange(3)),
    "requests": requests.__version__,
    "libraries": libraries,
}))
"""


RECORDED = """
import importlib.metadata
print(all(file.locate().exists() for file in importlib.metadata.files("some-app")))
"""


def bare(*command):
    """What a program says without any inherited environment."""
    done = subprocess.run(["env", "-i", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_installed_runs_from_its_prefix(real_channel, rattler, tmp_path):
    prefix = tmp_path / "prefix"
    found = rattler([real_channel], ["python", "numpy", "requests", "pip"], prefix)
    assert {"openssl", "libsqlite", "readline", "tzdata", "certifi"} <= {name for name, *_ in found}
    told = json.loads(bare(prefix / "bin/python", "-c", USE))
    assert told["prefix"] == told["sysconfig"] == str(prefix)
    assert told["zone"] == [f"{prefix}/share/zoneinfo"]
    assert told["product"] == 5
    from_prefix = {Path(lib).name for lib in told["libraries"] if lib.startswith(str(prefix))}
    native = {lib.name for lib in (prefix / "lib").glob("*.so*")}
    assert native - from_prefix <= {"libz.so.1"}  # numpy's wheel may find the system's first
    assert "numpy" in bare(prefix / "bin/pip", "list", "--no-index")
    normalizer = (prefix / "bin/normalizer").read_text()
    assert normalizer.startswith(f"#!{prefix}/bin/python\n")
    assert bare(prefix / "bin/normalizer", "--version")


@pytest.mark.slow
def test_the_interpreter_is_packaged_to_the_same_bytes(tmp_path):
    first, second = (
        {a.stem: write_artifact(a, tmp_path / name).read_bytes() for a in interpreter_packages()}
        for name in "ab"
    )
    assert first == second


VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
TAG = f"cp{VERSION.replace('.', '')}"
REQUIRES = [
    "torch>=2.1,<3",
    "Lib_Two~=1.4.2",
    "other==1.*,!=1.3",
    "exact===1.0+cpu",
    'win; sys_platform == "win32"',
    'now; python_version >= "3.8"',
    'more; extra == "all"',
    "with-extra[socks]>1",
]
DEPENDS = [
    "exact ==1.0+cpu",
    "lib-two >=1.4.2,1.4.*",
    "now",
    "other !=1.3,1.*",
    "pytorch <3,>=2.1",
    "with-extra >1",
]


def package(tmp_path, **arguments):
    """The row of the package that a small wheel becomes."""
    wheel = make_wheel(tmp_path / "wheels", "Some.App", "1.0", **arguments)
    file = write_wheel(wheel, tmp_path / "channel")
    assert file.read_bytes() == write_wheel(wheel, tmp_path / "again").read_bytes()
    return read_record(file)


def test_a_pure_wheel_is_for_any_python(tmp_path):
    fields = {"Requires-Python": ">=3.9", "License-Expression": "MIT"}
    row = package(tmp_path, requires=REQUIRES, fields=fields)
    assert row["fn"] == "some-app-1.0-pyhd8ed1ab_0.conda"
    assert (row["noarch"], row["subdir"], row["license"]) == ("python", "noarch", "MIT")
    assert row["depends"] == sorted([*DEPENDS, "python >=3.9"])
    assert row["purls"] == ["pkg:pypi/some-app@1.0"]


def test_a_wheel_may_say_what_it_is_in_any_letters(tmp_path):
    row = package(tmp_path, fields={"Summary": "für Zahlen 数", "License": "MIT, größer"})
    assert (row["fn"], row["license"]) == ("some-app-1.0-pyhd8ed1ab_0.conda", "MIT, größer")


def test_a_compiled_wheel_is_for_this_python_and_its_glibc(tmp_path):
    row = package(tmp_path, requires=REQUIRES, tag=f"{TAG}-{TAG}-manylinux_2_28_x86_64")
    own = [f"python {VERSION}.*", f"python_abi {VERSION}.* *_{TAG}", "__glibc >=2.28,<3.0.a0"]
    assert row["depends"] == sorted([*DEPENDS, *own])
    assert "noarch" not in row
    assert row["subdir"].startswith("linux-")


@pytest.mark.parametrize("tag", ["py3-none-any", f"{TAG}-{TAG}-manylinux_2_17_x86_64"])
def test_scripts_and_data_find_their_places(real_channel, rattler, tmp_path, tag):
    files = {
        "some_app/__init__.py": b"def main():\n    print('it runs')\n",
        "some_app-1.0.data/scripts/start": b"#!python\nprint('started')\n",
        "some_app-1.0.data/data/etc/some.conf": b"a = 1\n",
    }
    entry_points = "[console_scripts]\nrun-it = some_app:main\n"
    package(tmp_path, files=files, entry_points=entry_points, tag=tag)
    index_channel(tmp_path / "channel")
    rattler([tmp_path / "channel", real_channel], ["some-app"], prefix := tmp_path / "prefix")
    assert bare(prefix / "bin/run-it") == "it runs\n"
    assert bare(prefix / "bin/start") == "started\n"
    assert (prefix / "etc/some.conf").read_text() == "a = 1\n"
    assert bare(prefix / "bin/python", "-c", RECORDED) == "True\n"


def test_a_channel_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setattr(real, "_CACHE", tmp_path / "cache")
    monkeypatch.setenv("CONDA_PREFLIGHT_WHEELS", str(tmp_path / "wheels"))
    asked = [str(make_wheel(tmp_path, "x", "1"))]
    channel = cached_channel(asked)
    assert (channel / "noarch/x-1-pyhd8ed1ab_0.conda").exists()
    (tmp_path / "x-1-py3-none-any.whl").unlink()
    assert cached_channel(asked) == channel
    assert [file.name for file in download_wheels(asked)] == ["x-1-py3-none-any.whl"]
    assert len(list((tmp_path / "cache/channels").iterdir())) == 1


def test_the_command_makes_a_channel(tmp_path):
    make_wheel(tmp_path / "wheels", "x", "1")
    done = CliRunner().invoke(main, [str(tmp_path / "c"), "--wheels", str(tmp_path / "wheels")])
    assert done.exit_code == 0, done.output
    assert "noarch/x-1-pyhd8ed1ab_0.conda" in done.output
    assert (tmp_path / "c/noarch/repodata.json").exists()


def test_the_command_says_what_pip_cannot_find(tmp_path, monkeypatch):
    monkeypatch.setenv("CONDA_PREFLIGHT_WHEELS", str(tmp_path / "wheels"))
    done = CliRunner().invoke(main, [str(tmp_path / "c"), "--wheel", "./none.whl"])
    assert done.exit_code == 2
    assert "pip cannot download the wheels of ./none.whl" in done.output
    assert list((tmp_path / "wheels").iterdir()) == []
