"""The files that make the tool's own image, judged by the tool and against what they repeat."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conda_preflight import __version__
from conda_preflight.cli import run
from conda_preflight.grammar.dockerignore import is_ignored, patterns

TOP = Path(__file__).parents[2]
FOLDER = TOP / "container"
PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def pins(name):
    found = PINNED.findall((FOLDER / name).read_text())
    return {canonicalize_name(project): version for project, version in found}


def test_our_own_audit_has_nothing_to_say(capsys):
    assert run(["audit", "--offline", "--no-ledger", "--format", "json", str(FOLDER)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == []
    passed = {each["rule"] for each in report["outcomes"] if each["status"] == "passed"}
    assert {"image/hadolint", "image/floating-base", "lock/unhashed-requirements"} <= passed


def test_the_label_is_this_version():
    text = (FOLDER / "Dockerfile").read_text()
    assert f'org.opencontainers.image.version="{__version__}"' in text


def test_the_lists_have_what_the_project_asks_for():
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    asked = {
        "requirements.txt": project["project"]["dependencies"],
        "build-requirements.txt": project["build-system"]["requires"],
    }
    for name, lines in asked.items():
        found = pins(name)
        for requirement in map(Requirement, lines):
            assert found[canonicalize_name(requirement.name)] in requirement.specifier


def test_only_what_makes_the_wheel_is_sent():
    tracked = subprocess.check_output(["git", "ls-files"], cwd=TOP, text=True).splitlines()
    ignored = patterns((TOP / ".dockerignore").read_text())
    sent = {name for name in tracked if not is_ignored(name, ignored)}
    lone = {"LICENSE", "README.md", "pyproject.toml", "man/conda-preflight.1"}
    lists = {"container/requirements.txt", "container/build-requirements.txt"}
    assert sent == lone | lists | {name for name in tracked if name.startswith("src/")}
