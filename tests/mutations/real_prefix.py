"""A real environment of conda packages and wheels with its lock, made once and put back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from conda_preflight.testing.channel import download_wheels
from conda_preflight.testing.channel.interpreter import PYTHON

PROGRAM = Path(__file__).parents[1] / "testing" / "rattler_run.py"
SITE = f"lib/python{PYTHON}/site-packages"
WHEELS = ("attrs==25.3.0", "markupsafe==3.0.2")
OLDER = ("attrs==24.3.0", "idna==3.10")
FURTHER = ("iniconfig==2.1.0",)


@dataclass
class Environment:
    """``prefix`` is changed by tests, ``master`` never; ``project`` holds manifest and lock."""

    project: Path
    prefix: Path
    master: Path
    home: Path

    def restore(self) -> None:
        """Put the prefix back, as it was made, at its place."""
        subprocess.run(["chmod", "-R", "u+rwX", self.prefix], check=False)
        shutil.rmtree(self.prefix, ignore_errors=True)
        subprocess.run(["cp", "-a", self.master, self.prefix], check=True)
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()

    def pip(self, *arguments: str) -> None:
        """Run the pip of the prefix, without a network."""
        command = [self.prefix / "bin" / "python", "-m", "pip", *arguments]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "PIP_NO_INDEX": "1"}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        subprocess.run(command, check=True, capture_output=True, env=environment)

    def install(self, file: Path, *options: str) -> None:
        """Install one wheel by its name, as from an index."""
        name, version = file.name.split("-")[:2]
        folder = f"--find-links={file.parent}"
        self.pip("install", "--no-deps", "--no-compile", *options, folder, f"{name}=={version}")

    def record(self, name: str) -> Path:
        """The conda-meta record of a package."""
        return next((self.prefix / "conda-meta").glob(f"{name}-[0-9]*.json"))

    def edit(self, name: str, **fields: object) -> Path:
        """Change fields of a record."""
        file = self.record(name)
        record = json.loads(file.read_text())
        file.write_text(json.dumps(record | fields, indent=2))
        return file


def wheel(requirement: str) -> Path:
    """The wheel of a requirement, without what it needs."""
    name = requirement.partition("=")[0]
    return next(w for w in download_wheels([requirement]) if w.name.lower().startswith(name))


def install(channel: Path, specs: list[str], prefix: Path, cache: Path) -> None:
    """Make a prefix by py-rattler, in a process of its own."""
    asked = {
        "channels": [channel.as_uri()],
        "specs": specs,
        "platforms": ["linux-64", "noarch"],
        "cache": str(cache),
        "prefix": str(prefix),
    }
    subprocess.run(
        [sys.executable, PROGRAM],
        input=json.dumps(asked),
        check=True,
        text=True,
        capture_output=True,
        timeout=120,
    )


def make(channel: Path, folder: Path) -> Environment:
    """An environment with Python, requests and pip by conda, and wheels by pip."""
    home = folder / "home"
    home.mkdir()
    project = folder / "project"
    project.mkdir()
    made = Environment(project, folder / "env", folder / "master", home)
    install(channel, ["python", "requests", "pip"], made.prefix, folder / "cache")
    wheels = [wheel(each) for each in WHEELS]
    for file in wheels:
        made.install(file)
    _write_project(made, wheels)
    shutil.rmtree(folder / "cache")
    subprocess.run(["cp", "-a", made.prefix, made.master], check=True)
    return made


def _write_project(made: Environment, wheels: list[Path]) -> None:
    urls = []
    for file in sorted((made.prefix / "conda-meta").glob("*.json")):
        record = json.loads(file.read_text())
        urls.append(f"{record['url']}#{record['md5']}")
    lock = "\n".join(["# platform: linux-64", "@EXPLICIT", *urls, ""])
    (made.project / "conda-linux-64.lock").write_text(lock)
    pins = zip(WHEELS, wheels, strict=True)
    lines = [f"{p} --hash=sha256:{hashlib.sha256(w.read_bytes()).hexdigest()}" for p, w in pins]
    (made.project / "requirements.txt").write_text("\n".join([*lines, ""]))
    channel = json.loads(file.read_text())["channel"]
    names = "".join(f"  - {name}\n" for name in ("python", "requests", "pip"))
    (made.project / "environment.yml").write_text(
        f"name: env\nchannels: [{channel}]\ndependencies:\n{names}"
    )


def findings(made: Environment, *options: str, **environment: str) -> set[str]:
    """The rules that an audit of the project with the prefix tells of, by a process of its own."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(made.home),
        "CONDA_PREFLIGHT_CACHE": str(made.home.parent / "preflight-cache"),
        **environment,
    }
    command = [sys.executable, "-m", "conda_preflight", "audit", str(made.project)]
    if made.project != made.prefix:
        command += ["--prefix", str(made.prefix)]
    command += ["--select", "drift,prefix,input", "--format", "json"]
    command += options
    done = subprocess.run(
        command, capture_output=True, text=True, env=variables, check=False, timeout=120
    )
    report = json.loads(done.stdout)
    crashed = [o for o in report["outcomes"] if o["status"] == "CRASHED"]
    assert not crashed, crashed
    assert "Traceback" not in done.stderr
    return {f["rule"] for f in report["findings"]}
