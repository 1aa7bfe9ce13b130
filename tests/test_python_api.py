"""What programs import: the examples of its page run and are typed, and names do not get lost."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from docs.generate import TOP

import conda_preflight

PAGE = (TOP / "docs" / "python-api.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def python(*arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_examples_of_the_page_run(tmp_path):
    said = [python("-W", "error", "-c", text) for text in EXAMPLES]
    assert [done.stderr for done in said] == [""] * len(EXAMPLES)
    assert said[0].stdout.splitlines()[0] == "NO_GO"
    assert "environment.yml:8 manifest/unpinned-core-package: numpy" in said[0].stdout
    assert said[1].stdout == "a100 GO\n"
    assert said[3].stdout.startswith("There is no no/such/project ")


@pytest.mark.slow
def test_the_examples_of_the_page_are_typed(tmp_path):
    for number, text in enumerate(EXAMPLES):
        (tmp_path / f"example_{number}.py").write_text(text)
    done = python("-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(tmp_path))
    assert done.returncode == 0, done.stdout


def test_every_public_name_is_there_and_on_the_page():
    for name in conda_preflight.__all__:
        assert getattr(conda_preflight, name) is not None
        assert name == "__version__" or f"`{name}" in PAGE
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        conda_preflight.nothing  # noqa: B018


def test_audit_and_check_stay_functions_when_modules_called_so_are_imported():
    said = python(
        "-c",
        "import conda_preflight.audit, conda_preflight.check, conda_preflight as cp\n"
        "from conda_preflight.check import check\n"
        "print(callable(cp.audit), cp.check is check)",
    )
    assert said.stdout == "True True\n"


def test_the_package_alone_imports_nothing_of_it():
    said = python(
        "-c",
        "import sys, conda_preflight\n"
        "print([n for n in sys.modules if n.startswith('conda_preflight.') or n == 'typing'])",
    )
    assert said.stdout == "[]\n"
