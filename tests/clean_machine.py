"""A home with caches and environments of conda, micromamba and pixi."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from conda_preflight.cli import run

RATTLER = Path(__file__).parent / "testing" / "rattler_run.py"
PROGRAM = Path(sys.executable).with_name("conda-preflight")
LONG_AGO = time.time() - 200 * 86_400
FORGOTTEN = ("CONDA", "MAMBA", "_CE_", "PIXI", "RATTLER", "HF_", "XDG_", "PIP_CACHE", "UV_CACHE")


class Machine:
    """One home; ``run`` calls the program as a person there would."""

    def __init__(self, home, capsys=None):
        self.home, self._capsys = home, capsys
        self.root = home / "miniconda3"
        self.mamba = home / "micromamba"
        self.project = home / "work" / "bot"

    @property
    def environ(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(FORGOTTEN)}
        return {
            **kept,
            "HOME": str(self.home),
            "COLUMNS": "110",
            "NO_COLOR": "1",
            "PATH": "/usr/bin:/bin",
        }

    def start(self, *arguments):
        """The program with nothing read from a terminal, in the home."""
        return subprocess.Popen(
            [PROGRAM, "clean", *map(str, arguments)],
            env=self.environ,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments):
        """Exit code, what is on stdout and what is on stderr."""
        code = run(["clean", *map(str, arguments)])
        return code, *self._capsys.readouterr()

    def told(self, *arguments):
        """The JSON that the program writes."""
        code, out, err = self.run(*arguments, "--format", "json")
        assert code == 0, err
        return json.loads(out)

    def things(self, *arguments):
        """Action and reason of each thing, by its path from the home."""
        return {
            os.path.relpath(each["path"], self.home): (each["action"], each["reason"])
            for each in self.told(*arguments)["things"]
        }

    @property
    def registry(self):
        return self.home / ".conda" / "environments.txt"


def empty_environment(prefix, *packages, size=4096):
    """An environment as its records tell it, with a program of its own."""
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").write_text("==> 2024-01-01 00:00:00 <==\n")
    for name in packages or ("greet",):
        (prefix / "bin").mkdir(exist_ok=True)
        (prefix / "bin" / name).write_bytes(b"#" * size)
        record = {"name": name, "version": "1.0", "build": "0", "files": [f"bin/{name}"]}
        (prefix / "conda-meta" / f"{name}-1.0-0.json").write_text(json.dumps(record))
    return prefix


def cached_package(pkgs, name, size=200_000):
    """A package as conda keeps it: the archive, and the folder that it was unpacked to."""
    folder = pkgs / f"{name}-1.0-0"
    (folder / "info").mkdir(parents=True)
    (folder / "info" / "index.json").write_text(json.dumps({"name": name}))
    (folder / "lib").mkdir()
    (folder / "lib" / f"lib{name}.so").write_bytes(os.urandom(size))
    (pkgs / f"{name}-1.0-0.conda").write_bytes(os.urandom(size // 2))
    return folder


def aged(prefix, when=LONG_AGO):
    """An environment that nobody has used since."""
    for here, folders, files in os.walk(prefix):
        for name in (*files, *folders):
            file = Path(here, name)
            found = file.lstat()
            if found.st_nlink == 1 and not file.is_symlink() and file.is_file():
                os.utime(file, (when, min(found.st_mtime, when)))
    return prefix


def install(channel, prefix, pkgs):
    """Install Python from a channel by way of a cache, with hard links between both."""
    cache = prefix.parent / ".making"
    asked = {
        "channels": [channel.as_uri()],
        "specs": ["python"],
        "platforms": ["linux-64", "noarch"],
        "cache": str(cache),
        "prefix": str(prefix),
    }
    if pkgs.is_dir():
        cache.mkdir(parents=True)
        pkgs.rename(cache / "packages")
    subprocess.run(
        [sys.executable, RATTLER],
        input=json.dumps(asked),
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=90,
    )
    pkgs.parent.mkdir(parents=True, exist_ok=True)
    (cache / "packages").rename(pkgs)
    shutil.rmtree(cache)
    (prefix / "conda-meta" / "history").touch()
    return prefix
