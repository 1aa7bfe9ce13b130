"""The conda package: built by rattler-build, installed by this program, run where it is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import conda_preflight
from conda_preflight.testing.channel import (
    Artifact,
    cached_channel,
    index_channel,
    read_record,
    write_artifact,
)

TOP = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("conda-preflight")
RECIPE = yaml.safe_load((TOP / "recipe" / "recipe.yaml").read_text())
DEPENDENCIES = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["dependencies"]
AT_CONDA_FORGE = {"zlib-ng": "python-zlib-ng"}
"""Where conda-forge calls a project otherwise; a test channel calls it as PyPI does."""
EXTRA = re.compile(r"\[.*?\]")
GLIBC = "__glibc=" + os.confstr("CS_GNU_LIBC_VERSION").split()[1]
BUILD = """\
import sys
from rattler_build import Stage0Recipe, ToolConfiguration
recipe, out, *channels = sys.argv[1:]
tried = ToolConfiguration(test_strategy="native")
Stage0Recipe.from_file(recipe).run_build(tool_config=tried, output_dir=out, channels=channels)
"""


def test_the_recipe_says_what_the_project_says():
    assert RECIPE["context"]["version"] == conda_preflight.__version__
    asked = {}
    for line in DEPENDENCIES:
        name, _, bound = EXTRA.sub("", line).partition(">=")
        asked[AT_CONDA_FORGE.get(name, name)] = bound
    run = dict(line.partition(" >=")[::2] for line in RECIPE["requirements"]["run"])
    assert run.pop("python") == "3.11"
    assert run.pop("cryptography") == ""  # securesystemslib[crypto] brings it at PyPI
    assert run == asked


def called(*command, seconds=500, **environ):
    done = subprocess.run(
        [str(word) for word in command],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def as_conda_forge_calls_it(channel, own):
    """Write packages of those names, each of which needs the one of the test channel."""
    (own / "noarch").mkdir(parents=True)
    for name, alias in AT_CONDA_FORGE.items():
        (file,) = channel.glob(f"*/{name}-*.conda")
        version = read_record(file)["version"]
        write_artifact(Artifact(alias, version, noarch="generic", depends=[name]), own)
    index_channel(own)


@pytest.mark.slow
def test_built_installed_and_run(tmp_path, checkout):
    channel, own = cached_channel((*DEPENDENCIES, "hatchling", "pip")), tmp_path / "own"
    as_conda_forge_calls_it(channel, own)
    recipe, home = checkout / "recipe" / "recipe.yaml", str(tmp_path / "home")
    channels = (own.as_uri(), channel.as_uri())
    called(sys.executable, "-c", BUILD, recipe, own, *channels, HOME=home, PATH=os.environ["PATH"])
    project = tmp_path / "project"
    project.mkdir()
    text = {"name": "checker", "channels": list(channels), "dependencies": ["conda-preflight"]}
    (project / "environment.yml").write_text(yaml.safe_dump(text))
    here = {**os.environ, "CONDA_PREFLIGHT_CACHE": str(tmp_path / "cache")}
    called(PROGRAM, "lock", project, "--virtual-package", GLIBC, **here)
    called(PROGRAM, "rebuild", project, "--keep", tmp_path / "env", **here)
    installed = tmp_path / "env" / "bin" / "conda-preflight"
    version = f"conda-preflight {conda_preflight.__version__}\n"
    assert called(installed, "--version") == version
    out = called(installed, "audit", checkout / "examples" / "chatbot_infer_prod", HOME=home)
    assert out.splitlines()[-1].startswith("GO")
