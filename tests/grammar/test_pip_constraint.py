from __future__ import annotations

import pytest

from conda_preflight.facts.names import PIP_ONLY, PROJECTS, normalized, project_key, projects_of
from conda_preflight.grammar.pip_constraint import contradicts, to_conda
from conda_preflight.grammar.relative_path import from_top


@pytest.mark.parametrize(
    ("pip", "conda"),
    [
        ("", ""),
        ("==2.0.1+cu118", "==2.0.1"),
        ("== 2.0.*", "2.0.*"),
        ("===2.0", "==2.0"),
        (">=1,<2", ">=1,<2"),
        ("~=1.4.2", "~=1.4.2"),
        ("==v1.0", "==1.0"),
        ("nonsense", ""),
    ],
)
def test_to_conda(pip, conda):
    assert to_conda(pip) == conda


@pytest.mark.parametrize(
    ("constraints", "clash"),
    [
        (("=1.26", "==2.0.0"), True),
        ((">=1", "<2"), False),
        (("==1.0.post1", "<1.0"), True),
        (("==1.0rc1", ">=1.0"), False),
        (("", "==1"), False),
    ],
)
def test_contradicts(constraints, clash):
    assert contradicts(*constraints) == clash


@pytest.mark.parametrize(
    ("document", "written", "path"),
    [
        ("environment.yml", "requirements.txt", "requirements.txt"),
        ("a/b/environment.yml", "../r.txt", "a/r.txt"),
        ("environment.yml", "./a//b/../r.txt", "a/r.txt"),
        ("environment.yml", "..\\r.txt", None),
        ("environment.yml", "/etc/r.txt", None),
        ("environment.yml", "C:\\r.txt", None),
        ("environment.yml", "~/r.txt", None),
        ("environment.yml", "https://example.org/r.txt", None),
        ("environment.yml", "${HOME}/r.txt", None),
        ("environment.yml", "", None),
    ],
)
def test_from_top(document, written, path):
    assert from_top(document, written) == path


def test_names():
    assert project_key("pytorch-gpu") == "torch"
    assert projects_of("graphviz") == ()
    assert projects_of("r-base") == ()
    assert projects_of("spacy-model-en_core_web_sm") == ("en-core-web-sm",)
    assert projects_of("huggingface_hub") == ("huggingface-hub",)
    assert "opencv-python-headless" in projects_of("opencv")


def test_tables_hold_names_as_they_are_compared():
    assert all(name == normalized(name) for names in PROJECTS.values() for name in names)
    assert all(name == name.lower() for name in (*PROJECTS, *PIP_ONLY))
    assert not set(PIP_ONLY) & set(PIP_ONLY.values())
    assert not set(PIP_ONLY) & set(PROJECTS)
