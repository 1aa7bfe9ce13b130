"""``init --from``: nothing asked for by hand and nothing imported is lost, the rest is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from benchmarks.adopting import adopted, errors, exports, lines_of, unexplained

from conda_preflight.actions.adopt import take
from conda_preflight.adopting.choice import choose
from conda_preflight.adopting.found import Found, Line
from conda_preflight.cli import run
from conda_preflight.documents import Manifest
from conda_preflight.intake import read_file

CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", "/nowhere"))
EXPORT = """\
name: chatbot_finetune_dev
channels:
  - defaults
  - https://user:secret@conda.example.org/private
dependencies:
  - _libgcc_mutex=0.1=main
  - blas=1.0=mkl
  - ca-certificates=2023.05.30=h06a4308_0
  - numpy=1.24.3=py310h5f9d8c6_1
  - openssl=3.0.9=h7f8727e_0
  - pandas=1.5.3=py310h1128e8f_0
  - pip=23.1.2=py310h06a4308_0
  - python=3.10.11=h955ad1f_3
  - python-dateutil=2.8.2=pyhd3eb1b0_0
  - pytorch=2.0.1=py3.10_cuda11.7_cudnn8.5.0_0
  - pytorch-cuda=11.7=h778d358_5
  - pytorch-mutex=1.0=cuda
  - pytz=2022.7=py310h06a4308_0
  - readline=8.2=h5eee18b_0
  - seaborn=0.12.2=py310h06a4308_0
  - six=1.16.0=pyhd3eb1b0_1
  - defaults::tqdm=4.65.0=py310h2f386ee_0
  - zlib=1.2.13=h5eee18b_0
  - pip:
      - certifi==2023.5.7
      - requests==2.31.0
      - -e /home/me/mine
      - mine @ file:///home/me/mine
      - "odd @ https://files.example.org/odd-1.0.tar.gz"
      - urllib3==2.0.3
prefix: /home/me/miniconda3/envs/x
variables:
  HF_TOKEN: hf_abcdefghijklmnopqrstuvwxyz0123
  HF_HOME: /models
  CACHE: /home/me/cache
  WORKERS: "08"
"""


def written(tmp_path, source, *more):
    where = tmp_path / "new"
    assert run(["init", str(where), "--from", str(source), *more]) == 0
    file = where / "environment.yml"
    return next(d for d in read_file(file, file.name) if isinstance(d, Manifest))


def conda(manifest):
    return [spec.text for spec in manifest.specs]


def pip(manifest):
    return [line.text for line in manifest.pip]


@pytest.fixture
def export(tmp_path):
    file = tmp_path / "environment.yml"
    file.write_text(EXPORT)
    return file


def test_an_export_becomes_what_somebody_may_have_asked_for(tmp_path, export):
    manifest = written(tmp_path, export)
    assert manifest.name.text == "chatbot_finetune_dev"
    assert conda(manifest) == [
        "python=3.10.11",
        "pip=23.1.2",
        "numpy=1.24.3",
        "pytorch=2.0.1=*cuda*",
        "pytorch-cuda=11.7",
        "pytorch-mutex=1.0=cuda",
        "seaborn=0.12.2",
        "tqdm=4.65.0",
    ]
    assert pip(manifest) == [
        "requests==2.31.0",
        "mine",
        "odd @ https://files.example.org/odd-1.0.tar.gz",
    ]
    assert [c.text for c in manifest.channels] == [
        "conda-forge",
        "https://conda.example.org/private",
        "nodefaults",
    ]
    assert [p.text for p in manifest.platforms] == ["linux-64"]
    assert [each.text for each in manifest.variables] == ["HF_HOME=/models", "WORKERS=08"]


SELECTED = """\
dependencies:
  - python=3.11
  - scipy  # [unix]
  - sel(win): pywin32
  - numpy=1.26  # [win]
  - numpy=2.1  # [not win]
  - pip:
      - uvloop==0.21.0  # [linux]
"""


@pytest.mark.parametrize(
    ("more", "lines", "halves"),
    [
        ((), ["python=3.11", "pip", "scipy", "numpy=2.1"], ["uvloop==0.21.0"]),
        (("--hardware", "windows-cpu"), ["python=3.11", "pywin32", "numpy=1.26"], []),
        (("--hardware", "apple"), ["python=3.11", "scipy", "numpy=2.1"], []),
    ],
)
def test_lines_of_other_platforms_are_left_out(tmp_path, capsys, more, lines, halves):
    source = tmp_path / "environment.yml"
    source.write_text(SELECTED)
    manifest = written(tmp_path, source, *more)
    assert (conda(manifest), pip(manifest)) == (lines, halves)
    assert "is left out: it is for" in capsys.readouterr().err


def test_what_conda_cannot_read_is_left_out_and_told(tmp_path, capsys):
    source = tmp_path / "environment.yml"
    source.write_text('dependencies:\n  - python=3.11\n  - "nu\\e[31mmpy=1"\n')
    assert conda(written(tmp_path, source)) == ["python=3.11"]
    assert "`nu\\x1b[31mmpy=1` is left out: conda cannot read it" in capsys.readouterr().err


def test_a_line_of_some_of_the_platforms_is_for_all(tmp_path, capsys):
    source = tmp_path / "environment.yml"
    source.write_text(SELECTED + "platforms: [linux-64, win-64]\n")
    manifest = written(tmp_path, source)
    assert "pywin32" in conda(manifest)
    err = capsys.readouterr().err
    assert "`pywin32` was for win alone, and is now for all" in err
    assert "another line has numpy" in err


def test_what_was_changed_is_told_and_secrets_are_not(tmp_path, export, capsys):
    written(tmp_path, export, "--explain")
    err = capsys.readouterr().err
    assert "user" not in err
    assert "left out  pandas" in err
    assert "seaborn needs it" in err
    for said in (
        "The channel defaults was replaced by conda-forge",
        "tqdm was bound to defaults, and is now to none",
        "`-e /home/me/mine` is left out: it is a place on one machine",
        "`prefix:` is left out",
        "The variable HF_TOKEN is left out: its value is a secret",
        "The variable CACHE is left out: it is a place on one machine",
    ):
        assert said in err
    for file in (tmp_path / "new").rglob("*"):
        assert not file.is_file() or "user:" not in file.read_text()


def test_what_the_code_imports_is_kept_although_something_else_needs_it(tmp_path, export):
    where = tmp_path / "new"
    where.mkdir()
    (where / "train.py").write_text("import pandas\nimport yaml\nimport local\n")
    (where / "local.py").write_text("import os\n")
    manifest = written(tmp_path, export)
    assert "pandas=1.5.3" in conda(manifest)
    assert "pyyaml" in conda(manifest)


def record(prefix, name, version, depends=(), **more):
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True, exist_ok=True)
    found = {"name": name, "version": version, "build": "0", "build_number": 0, "files": []}
    found |= {"subdir": "linux-64", "channel": "conda-forge", "depends": list(depends), **more}
    (meta / f"{name}-{version}-0.json").write_text(json.dumps(found))


def project(prefix, name, version, *needs, requested=False):
    folder = prefix / f"lib/python3.11/site-packages/{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    rows = "".join(f"Requires-Dist: {each}\n" for each in needs)
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{rows}"
    )
    (folder / "INSTALLER").write_text("pip\n")
    if requested:
        (folder / "REQUESTED").write_text("")


@pytest.fixture
def prefix(tmp_path):
    root = tmp_path / "env"
    record(root, "python", "3.11.7", ["zlib", "pip"])
    record(root, "pip", "24.0", ["python"])
    record(root, "zlib", "1.3")
    record(root, "tool", "1.0", ["python", "lib"])
    record(root, "lib", "2.0", ["zlib"])
    record(root, "alone", "0.1")
    project(root, "app", "3.0", "helper>=1")
    project(root, "helper", "1.1")
    return root


def test_history_and_marks_say_what_was_asked_for(tmp_path, prefix):
    (prefix / "conda-meta/history").write_text("# update specs: ['python=3.11', 'lib']\n")
    project(prefix, "wanted", "4.0", "app", requested=True)
    manifest = written(tmp_path, prefix)
    assert conda(manifest) == ["python=3.11.7", "pip=24.0", "alone=0.1", "lib=2.0", "tool=1.0"]
    assert pip(manifest) == ["wanted==4.0"]


def test_without_history_what_nothing_needs_is_kept(tmp_path, prefix):
    manifest = written(tmp_path, prefix)
    assert sorted(conda(manifest)) == ["alone=0.1", "pip=24.0", "python=3.11.7", "tool=1.0"]
    assert pip(manifest) == ["app==3.0"]


def test_a_prefix_made_from_a_list_of_all_tells_nothing(tmp_path, prefix):
    for number in range(9):
        record(prefix, f"p{number}", "1.0", [f"p{number + 1}"] if number < 8 else [])
    names = [file.name.split("-")[0] for file in (prefix / "conda-meta").glob("*.json")]
    (prefix / "conda-meta/history").write_text(f"# update specs: {names}\n")
    manifest = written(tmp_path, prefix)
    assert "p0=1.0" in conda(manifest)
    assert "p5=1.0" not in conda(manifest)


def test_of_a_circle_one_is_kept():
    lines = tuple(Line("conda", name, name) for name in ("a", "b", "c"))
    needs = {
        ("conda", "a"): frozenset({("conda", "b")}),
        ("conda", "b"): frozenset({("conda", "a")}),
    }
    choices = choose(Found(lines, needs=needs), {})
    assert [choice.line.name for choice in choices if choice.kept] == ["a", "c"]


def test_requirements_get_conda_names_where_that_is_sure(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text(
        "--extra-index-url https://me:hunter2@example.org/simple\n"
        "pyyaml==6.0.1 --hash=sha256:" + "0" * 64 + "\n"
        "torch==2.1.2+cu118\nnumpy>=1.26,<2\nnobody-knows-this==1.0\nfastapi[all]==0.110.0\n"
    )
    manifest = written(tmp_path, file)
    assert conda(manifest) == ["python=3.12", "pip", "pyyaml=6.0.1", "numpy>=1.26,<2"]
    assert pip(manifest) == [
        "--extra-index-url https://example.org/simple",
        "torch==2.1.2+cu118",
        "nobody-knows-this==1.0",
        "fastapi[all]==0.110.0",
    ]


def test_a_pyproject_says_its_python(tmp_path, capsys):
    folder = tmp_path / "Some.Project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "some-project"\nversion = "1"\nrequires-python = ">=3.9,<3.12"\n'
        'dependencies = ["tqdm>=4.66"]\n'
    )
    manifest = written(tmp_path, folder)
    assert conda(manifest) == ["python=3.11", "tqdm>=4.66"]
    assert "requires-python is >=3.9,<3.12; python=3.11 was taken" in capsys.readouterr().err


def test_names_tasks_and_hardware_may_be_said(tmp_path, export):
    more = ("--project", "asr", "--stage", "serve", "--purpose", "prod", "--task", "nlp")
    manifest = written(tmp_path, export, *more, "--hardware", "a100", "--python", "3.11")
    assert manifest.name.text == "asr_serve_prod"
    assert conda(manifest)[0] == "python=3.11"
    assert "not be built" in (tmp_path / "new/Dockerfile").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "There is no "),
        ("name: [", ""),
        ("just words\n", ""),
        ("- a\n- b\n", ""),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path, capsys, text, said):
    file = tmp_path / "environment.yml"
    if text is not None:
        file.write_text(text)
    assert run(["init", str(tmp_path / "new"), "--from", str(file)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "new").exists()


def test_hostile_lines_stay_texts(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text("\"x: {y}\" ; z\nnice==1.0 ; python_version < '3.13'\n-r other.txt\n")
    manifest = written(tmp_path, file)
    assert pip(manifest) == ["-r other.txt", "nice==1.0 ; python_version < '3.13'"]


def test_a_folder_with_code_alone_asks_for_what_it_imports(tmp_path, capsys):
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "main.py").write_text("import numpy\nfrom PIL import Image\n")
    taken = take(folder, tmp_path / "new")
    assert {line.name for line in taken.new} == {"numpy", "pillow"}
    assert "numpy" in conda(written(tmp_path, folder))
    assert "numpy was added, since main.py:1 imports it" in capsys.readouterr().err


@pytest.mark.skipif(not CORPUS.is_dir(), reason="CONDA_PREFLIGHT_CORPUS is not set")
def test_real_exports_lose_three_lines_of_five_and_nothing_unexplained():
    told = {}
    for file in exports(CORPUS / "env"):
        text, choices = adopted(file, CORPUS / "nowhere")
        assert not unexplained(choices), file.name
        told[file.name] = (1 - len(text.splitlines()) / lines_of(file), errors(text))
    good = [name for name, (fewer, wrong) in told.items() if fewer >= 0.6 and not wrong]
    assert len(good) >= 10, told


def test_names_and_platforms_of_others_do_not_act(tmp_path, capsys):
    file = tmp_path / "environment.yml"
    text = {
        "name": "a\n<!-- conda-preflight:end -->\x1b[31m",
        "channels": ["conda-forge"],
        "dependencies": ["python=3.11", "x\x1b[31m"],
        "platforms": ['linux-64"]\nfail-on = "note', "linux-aarch64"],
    }
    file.write_text(json.dumps(text))
    manifest = written(tmp_path, file)
    assert manifest.name.text == "new"
    assert [p.text for p in manifest.platforms] == ["linux-aarch64"]
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert 'platforms = ["linux-aarch64"]' in (tmp_path / "new/preflight.toml").read_text()
    assert "\x1b" not in (tmp_path / "new/README.md").read_text()


def test_every_line_that_a_person_wrote_was_asked_for(tmp_path):
    file = tmp_path / "environment.yml"
    lines = ["python=3.11", "pandas=2.2", "seaborn", "numpy", "zlib", *"abcdefgh"]
    file.write_text("dependencies:\n" + "".join(f"  - {line}\n" for line in lines))
    assert conda(written(tmp_path, file)) == lines


def test_an_empty_folder_tells_nothing(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert run(["init", str(tmp_path / "new"), "--from", str(tmp_path / "empty")]) == 2
    assert "tells what it needs" in capsys.readouterr().err


def test_pip_stands_once(tmp_path):
    file = tmp_path / "environment.yml"
    file.write_text("dependencies: [python=3.11, numpy=2.2, pip=25.0, {pip: [einops==0.8.0]}]\n")
    manifest = written(tmp_path, file)
    assert conda(manifest) == ["python=3.11", "numpy=2.2", "pip=25.0"]
    assert pip(manifest) == ["einops==0.8.0"]


def test_what_could_not_be_read_is_told(tmp_path, prefix, capsys):
    (prefix / "conda-meta/broken-1.0-0.json").write_text("{")
    where = tmp_path / "new"
    where.mkdir()
    (where / "old.py").write_text("print 'python 2'\n")
    written(tmp_path, prefix)
    err = capsys.readouterr().err
    assert "env/conda-meta/broken-1.0-0.json could not be read" in err
    assert "old.py could not be read" in err


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["--project", "chatbot"], True),
        (["--project", "chatbot", "--stage", "infer"], True),
        (["--project", "chatbot", "--stage", "infer", "--purpose", "prod"], False),
        (["--project", "my-env"], False),
        ([], False),
    ],
)
def test_a_name_that_is_kept_all_the_same_is_told(tmp_path, capsys, given, kept):
    source = tmp_path / "environment.yml"
    source.write_text("name: my-env\nchannels: [conda-forge]\ndependencies: [python=3.11]\n")
    run(["init", "--from", str(source), str(tmp_path / "new"), "--dry-run", *given])
    assert ("The environment keeps its name my-env" in capsys.readouterr().err) == kept
