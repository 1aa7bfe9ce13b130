"""The scripts inside of files for CI services, judged by ShellCheck."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).parents[2]
SHELLCHECK = Path(sys.executable).with_name("shellcheck")
FILES = {
    "action.yml": "bash",
    "examples/ci/.github/workflows/preflight.yml": "bash",
    "ci/gitlab.yml": "sh",
}


def scripts(node: object) -> Iterator[str]:
    """Every ``run`` of GitHub and every ``script`` of GitLab below a node."""
    if isinstance(node, list):
        for each in node:
            yield from scripts(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "run":
                yield value
            elif key == "script":
                yield "\n".join(value)
            else:
                yield from scripts(value)


@pytest.mark.parametrize("name", FILES)
def test_shellcheck_has_nothing_to_say(name):
    found = list(scripts(yaml.safe_load((TOP / name).read_text())))
    assert found
    for text in found:
        words = [SHELLCHECK, f"--shell={FILES[name]}", "--norc", "-"]
        done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
