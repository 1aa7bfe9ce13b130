"""What the code imports against what is asked for, locked and installed, on small projects."""

from __future__ import annotations

import json
import time

import pytest
from tests.lock_builder import conda_lock, package, project

from conda_preflight.access import engines
from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.facts import stdlib_modules
from conda_preflight.facts.dynamic_needs import BY_KEY, NEEDS
from conda_preflight.facts.import_names import PROJECTS
from conda_preflight.facts.names import normalized
from conda_preflight.facts.same_names import SAME_NAMES
from conda_preflight.project import open_project
from conda_preflight.report import Status
from conda_preflight.testing import TODAY, audit_files, write_files

ASKED = "channels: [conda-forge]\ndependencies: [python=3.11, pytorch, transformers]\n"
LOCKED = conda_lock(
    package("python", "3.11.9"),
    package("pytorch", "2.4.0", "numpy >=1.2", "python"),
    package("transformers", "4.44.2", "pyyaml"),
    package("numpy", "1.26.4"),
    package("pyyaml", "6.0"),
    project("google-cloud-storage", "2.0"),
)


def report(folder, files, *rules, prefix=None):
    write_files(files, folder)
    chosen = Settings(select=rules or ("imports",))
    opened = open_project(folder, chosen, [prefix] if prefix else [])
    found = audit(opened, chosen, TODAY, engines=engines(opened, folder, chosen))
    assert not [o.reason for o in found.outcomes if o.status is Status.CRASHED]
    return found


@pytest.fixture
def said(tmp_path):
    """Audits a project with one rule: (severity, about, path, line) of each finding."""

    def judge(rule, files, **more):
        found = report(tmp_path, files, f"imports/{rule}", **more).findings
        return [
            (f.severity.value, f.problem.about, f.problem.location.path, f.problem.location.line)
            for f in found
        ]

    return judge


def locked(code, path="train.py", **more):
    return {"environment.yml": ASKED, "conda-lock.yml": LOCKED, path: code, **more}


def test_what_is_nowhere_is_an_error(said):
    assert said("undeclared", locked("import torch\nimport sentencepiece\n")) == [
        ("error", "sentencepiece", "train.py", 2)
    ]


def test_what_something_else_brings_is_a_warning(tmp_path):
    files = locked("import yaml, numpy\nfrom google.cloud import storage\n")
    problems = report(tmp_path, files, "imports/undeclared").findings
    found = {f.problem.about: f for f in problems}
    assert {f.severity.value for f in problems} == {"warning"}
    assert found.keys() == {"pyyaml", "numpy", "google-cloud-storage"}
    assert "only because `transformers` needs it" in found["pyyaml"].problem.message
    assert "`- pyyaml=6.0` among the dependencies" in found["pyyaml"].problem.fix
    assert "`- google-cloud-storage==2.0` under `pip:`" in found["google-cloud-storage"].problem.fix


@pytest.mark.parametrize(
    ("code", "path", "weight"),
    [
        ("try:\n    import wandb\nexcept ImportError:\n    wandb = None", "train.py", "note"),
        ("def f():\n    import wandb", "train.py", "warning"),
        ("import importlib\nimportlib.import_module('wandb')", "train.py", "error"),
        ("import wandb", "tests/test_x.py", "note"),
        ("import wandb", "src/chat/train.py", "error"),
        ("if TYPE_CHECKING:\n    import wandb", "train.py", None),
        ("if False:\n    import wandb", "train.py", None),
        ("import google.colab", "train.py", None),
        ("import bpy", "train.py", None),
        ("import StringIO, urllib2", "train.py", None),
        ("import some_unheard_of_thing", "train.py", "note"),
        ("from ctypes import CDLL\nimport asyncio, __future__", "train.py", None),
        ("import train_pb2", "train.py", None),
        ("import {{cookiecutter.name}}", "{{cookiecutter.name}}/train.py", None),
    ],
)
def test_weights(said, code, path, weight):
    assert [row[0] for row in said("undeclared", locked(code, path))] == (
        [weight] if weight else []
    )


@pytest.mark.parametrize(
    ("path", "local"),
    [
        ("helpers.py", "helpers.py"),
        ("scripts/train.py", "scripts/wandb.py"),
        ("scripts/train.py", "wandb/__init__.py"),
        ("scripts/train.py", "src/wandb/__init__.py"),
        ("src/chat/train.py", "src/wandb.py"),
        ("train.py", "wandb.cpython-311-x86_64-linux-gnu.so"),
        ("train.py", "wandb.pyx"),
    ],
)
def test_what_is_local(said, path, local):
    code = (
        f"import {local.rpartition('/')[2].partition('.')[0]}"
        if "/" not in local
        else "import wandb"
    )
    code = code.replace("__init__", "wandb")
    assert said("undeclared", locked(code, path, **{local: ""})) == []


def test_a_module_within_a_package_hides_nothing(said):
    files = locked("import wandb", "chat/train.py", **{"chat/__init__.py": "", "chat/wandb.py": ""})
    assert [row[:2] for row in said("undeclared", files)] == [("warning", "wandb")]


def test_a_namespace_folder_hides_nothing_that_is_installed(said):
    files = locked("import numpy", **{"numpy/notes/x.py": ""})
    assert [row[:2] for row in said("undeclared", files)] == [("warning", "numpy")]


def test_the_project_imports_itself(said):
    own = {"pyproject.toml": '[project]\nname = "chat-finetune"\nversion = "1"\n'}
    assert said("undeclared", locked("import chat_finetune", "docs/conf.py", **own)) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[project]\nname = "c"\nversion = "1"\ndependencies = ["wandb"]\n'),
        ("setup.cfg", "[metadata]\nname = c\n[options]\ninstall_requires =\n    wandb\n"),
        (
            "setup.py",
            "from setuptools import setup\nNEED = ['wandb']\nsetup(install_requires=NEED)\n",
        ),
        ("requirements.txt", "wandb\n"),
        ("Dockerfile", "FROM a\nRUN pip install wandb\n"),
    ],
)
def test_what_another_file_asks_for_is_less_sure(said, file, text):
    assert [row[0] for row in said("undeclared", locked("import wandb", **{file: text}))] == [
        "warning"
    ]
    alone = {"conda-lock.yml": "# none\n"}
    assert said("undeclared", locked("import wandb", **{file: text}) | alone) == []


def test_where_something_else_is_installed_nothing_is_passed(tmp_path):
    files = {
        "environment.yml": "dependencies: [python=3.11, pip, {pip: ['git+https://example.org/a/b']}]\n",
        "train.py": "import wandb",
    }
    (outcome,) = audit_files(files, tmp_path, "imports/undeclared").outcomes
    assert outcome.status is Status.SKIPPED
    assert outcome.reason.startswith("more is installed than manifest and lock name")
    files["train.py"] = "try:\n    import wandb\nexcept ImportError:\n    pass\n"
    (outcome,) = audit_files(files, tmp_path, "imports/undeclared").outcomes
    assert outcome.status is Status.PASSED


def test_requirements_of_the_project_count_where_it_is_installed(said):
    files = {
        "environment.yml": "dependencies: [python=3.11, pip, {pip: ['-e .[train]']}]\n",
        "setup.cfg": "[metadata]\nname = c\n[options]\ninstall_requires =\n    wandb\n",
        "train.py": "import wandb, yaml",
    }
    assert [row[1] for row in said("undeclared", files)] == ["pyyaml"]


def test_an_included_requirements_file_counts(said):
    files = {
        "environment.yml": "dependencies: [python, pip, {pip: [-r more.requirements.txt]}]\n",
        "more.requirements.txt": "scikit-learn\n",
        "train.py": "import sklearn",
    }
    assert said("undeclared", files) == []


def test_each_file_has_the_manifests_above_it(said):
    files = {
        "a/environment.yml": "dependencies: [python, pytorch]\n",
        "b/environment.yml": "dependencies: [python, numpy]\n",
        "a/train.py": "import torch",
        "b/train.py": "import numpy, yaml",
        "docs/environment.yml": "dependencies: [sphinx]\n",
        "docs/conf.py": "import sphinx",
    }
    assert [(row[1], row[2]) for row in said("undeclared", files)] == [("pyyaml", "b/train.py")]


def test_without_an_environment_nothing_is_judged(tmp_path):
    found = report(tmp_path, {"train.py": "import torch"}, "imports")
    assert {o.status for o in found.outcomes} <= {Status.SKIPPED, Status.PASSED}


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("networkx", "import torch", True),
        ("networkx", "import networkx", False),
        ("networkx", "def f():\n    import networkx", False),
        ("networkx", "try:\n    import networkx.x\nexcept ImportError:\n    pass", False),
        ("opencv", "import cv2", False),
        ("beautifulsoup4", "import torch", True),
        ("cudatoolkit=11.8", "import torch", False),
        ("jupyterlab", "import torch", False),
        ("some-native-thing", "import torch", False),
        ("pyarrow", "import pandas as pd\npd.read_parquet(x)", False),
    ],
)
def test_what_is_never_imported(said, line, code, told):
    files = {"environment.yml": f"dependencies:\n  - python\n  - pytorch\n  - {line}\n"}
    found = said("unused", {**files, "train.py": f"import torch\n{code}"})
    assert found == ([("note", line.partition("=")[0], "environment.yml", 4)] if told else [])


def test_many_unused_packages_are_one_finding(said):
    lines = "".join(f"  - {name}\n" for name in sorted(SAME_NAMES)[300:340])
    found = said(
        "unused",
        {"environment.yml": f"dependencies:\n{lines}  - pytorch\n", "a.py": "import torch"},
    )
    assert [row[1] for row in found] == ["packages"]


@pytest.mark.parametrize(
    ("python", "module", "weight"),
    [
        ("3.12", "imp", ["error"]),
        ("3.11", "imp", []),
        ("3.12", "distutils.util", []),
        ("3.13", "cgi", ["error"]),
        ("3.10", "tomllib", ["error"]),
        ("3.11", "tomllib", []),
        ("3.13", "parser", []),
    ],
)
def test_modules_of_another_python(said, python, module, weight):
    files = {"environment.yml": f"dependencies: [python={python}]\n", "parser.py": ""}
    found = said("missing-in-version", {**files, "train.py": f"import {module}"})
    assert [row[0] for row in found] == weight


def prefix_in(folder):
    """An environment with a conda package, a wheel and their records."""
    site = "lib/python3.11/site-packages"
    files = {
        "yaml": [f"{site}/yaml/__init__.py", f"{site}/PyYAML-6.0.dist-info/METADATA"],
        "python": ["bin/python3.11"],
    }
    for name, paths in files.items():
        record = {"name": {"yaml": "pyyaml"}.get(name, name), "version": "3.11.9", "build": "0"}
        record |= {"files": paths, "depends": [], "channel": "conda-forge", "subdir": "linux-64"}
        write_files({f"conda-meta/{name}.json": json.dumps(record, indent=2)}, folder)
        write_files(dict.fromkeys(paths, "Name: PyYAML\nVersion: 6.0\n"), folder)
    wheel = f"{site}/opencv_contrib_python-4.0.dist-info"
    listed = ["cv2/__init__.py", "cv2/cv2.abi3.so", "deep/__init__.py", "deep/a.py"]
    rows = "".join(f"{name},,\n" for name in listed)
    write_files(
        {
            **{f"{site}/{name}": "" for name in listed},
            f"{wheel}/METADATA": "Name: opencv-contrib-python\nVersion: 4.0\n",
            f"{wheel}/RECORD": rows,
            f"{wheel}/INSTALLER": "pip\n",
        },
        folder,
    )
    return folder


def test_with_an_environment_owners_are_exact(tmp_path):
    where = prefix_in(tmp_path / "env")
    files = {
        "environment.yml": "dependencies: [python=3.11, pip, {pip: [opencv-python]}]\n",
        "train.py": "import cv2\nimport yaml\nimport einops\nimport deep.a\nimport deep.gone\n",
    }
    found = report(tmp_path / "project", files, prefix=where).findings
    rows = {(f.rule, f.severity.value, f.problem.about) for f in found}
    assert ("imports/undeclared", "warning", "opencv-contrib-python") in rows
    assert ("imports/undeclared", "warning", "pyyaml") in rows
    assert ("imports/undeclared", "error", "einops") in rows
    assert ("imports/missing-in-version", "error", "deep.gone") in rows
    assert len([row for row in rows if row[0] == "imports/missing-in-version"]) == 1


@pytest.mark.parametrize(
    ("code", "weight"),
    [
        ("from transformers import BitsAndBytesConfig\nc = BitsAndBytesConfig()", ["error"]),
        ("from transformers import T5Tokenizer\nt = T5Tokenizer.from_pretrained('x')", ["error"]),
        (
            "from transformers import A\ndef f():\n    A.from_pretrained('x', device_map='auto')",
            ["warning"],
        ),
        ("import torch\nf = torch.compile(g)", ["note"]),
        ("import torch\nf = torch.nn.Linear(1, 2)", []),
    ],
)
def test_needs_of_libraries(said, code, weight):
    assert [row[0] for row in said("dynamic-need", locked(code))] == weight


def test_unreadable_and_odd_files_are_told_and_the_rest_is_judged(tmp_path):
    write_files(
        {"a.py": "import wandb", "environment.yml": ASKED, "conda-lock.yml": LOCKED}, tmp_path
    )
    (tmp_path / "b.py").write_bytes(b"import \0")
    (tmp_path / "c.py").write_bytes(b"print 1")
    (tmp_path / "d.py").symlink_to("/etc/passwd")
    (tmp_path / "e.py").symlink_to("e.py")
    (tmp_path / "big.py").write_text("x = 1\n" * 300_000)
    begun = time.monotonic()
    found = report(tmp_path, {}).findings
    unread = {f.problem.location.path for f in found if f.rule == "imports/unread-source"}
    assert unread == {"b.py", "c.py", "d.py", "e.py", "big.py"}
    assert [f.problem.about for f in found if f.rule == "imports/undeclared"] == ["wandb"]
    assert time.monotonic() - begun < 10


def test_a_single_file_is_audited_without_code(tmp_path):
    write_files({"environment.yml": ASKED, "train.py": "import yaml"}, tmp_path)
    chosen = Settings(select=("imports",))
    opened = open_project(tmp_path / "environment.yml", chosen)
    found = audit(opened, chosen, TODAY, engines=engines(opened, tmp_path, chosen))
    assert {o.status for o in found.outcomes} == {Status.SKIPPED}


def test_tables_are_sound():
    assert len(BY_KEY) == len(NEEDS)
    assert all(need.source.startswith("https://") and need.projects for need in NEEDS)
    assert all(normalized(p) == p for projects in PROJECTS.values() for p in projects)
    assert not SAME_NAMES & PROJECTS.keys()
    assert not stdlib_modules.EVER & SAME_NAMES
    assert {*__import__("sys").stdlib_module_names, "test"} >= stdlib_modules.ALWAYS_THERE
