"""Finding files and handing them to the right reader."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conda_preflight import readers
from conda_preflight.documents import Manifest, Source, Unreadable
from conda_preflight.intake import read_directory, read_file

ENVIRONMENT = "name: a\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n"


def kinds(documents):
    return [type(doc).__name__ for doc in documents]


def test_every_reader_has_its_patterns():
    folder = Path(readers.__file__).parent
    of_folders = {
        "freeze",
        "inventory",
        "libraries",
        "outside",
        "prefix",
        "recipe",
    }  # they read a directory, not a file
    modules = {file.stem for file in folder.glob("*.py")} - {"__init__", *of_folders}
    assert modules == set(readers.PATTERNS)
    assert list(readers.PATTERNS) == sorted(readers.PATTERNS)


@pytest.mark.parametrize(
    "name", ["environment.yml", "gpu.yaml", "a/b/conda_env.yml", "oddly_named"]
)
def test_a_named_file_is_read_by_its_content(tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ENVIRONMENT)
    found = kinds(read_file(file, name))
    assert found[0] == "Source"
    assert "Manifest" in found or name == "oddly_named"


def test_a_file_that_nobody_knows_says_so(tmp_path):
    (tmp_path / "notes.txt").write_text("just some words of prose, nothing else.\n")
    documents = read_file(tmp_path / "notes.txt", "notes.txt")
    assert isinstance(documents[-1], Unreadable)
    assert "No reader" in documents[-1].message


def test_discovery_enters_folders_and_leaves_prefixes_and_hidden_ones(tmp_path):
    for name in ("environment.yml", "gpu/environment.yml", ".git/environment.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(ENVIRONMENT)
    for mark in ("env/conda-meta/history", "venv2/pyvenv.cfg", "node_modules/x"):
        (tmp_path / mark).parent.mkdir(parents=True)
        (tmp_path / mark).write_text("")
    (tmp_path / "env" / "environment.yml").write_text(ENVIRONMENT)
    (tmp_path / "venv2" / "environment.yml").write_text(ENVIRONMENT)
    manifests = [doc.path for doc in read_directory(tmp_path) if isinstance(doc, Manifest)]
    assert manifests == ["environment.yml", "gpu/environment.yml"]


def test_excluded_paths_are_not_read(tmp_path):
    for name in ("environment.yml", "tests/environment.yml", "old.environment.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(ENVIRONMENT)
    found = read_directory(tmp_path, ["tests/*", "old.*"])
    assert [doc.path for doc in found if isinstance(doc, Manifest)] == ["environment.yml"]


def test_a_link_out_of_the_project_is_not_followed(tmp_path):
    (tmp_path / "secret.yml").write_text(ENVIRONMENT)
    project = tmp_path / "project"
    project.mkdir()
    (project / "environment.yml").symlink_to(tmp_path / "secret.yml")
    (document,) = read_directory(project)
    assert isinstance(document, Unreadable)
    assert "leads out" in document.message


def test_links_in_a_circle_end(tmp_path):
    (tmp_path / "environment.yml").symlink_to(tmp_path / "environment.yml")
    (document,) = read_directory(tmp_path)
    assert isinstance(document, Unreadable)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "environment.yml")
    (document,) = read_directory(tmp_path)
    assert isinstance(document, Unreadable)
    assert "regular" in document.message


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (ENVIRONMENT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + ENVIRONMENT.encode(), "utf-8-sig"),
        (ENVIRONMENT.encode("utf-16"), "utf-16"),
        (ENVIRONMENT.encode("utf-16-le"), "utf-16"),
        (ENVIRONMENT.encode("utf-16-be"), "utf-16"),
        (ENVIRONMENT.replace("name: a", "name: é").encode("latin-1"), "latin-1"),
        (ENVIRONMENT.replace("\n", "\r\n").encode(), "utf-8"),
    ],
)
def test_every_encoding_gives_the_same_manifest(tmp_path, data, encoding):
    (tmp_path / "environment.yml").write_bytes(data)
    source, *rest = read_file(tmp_path / "environment.yml", "environment.yml")
    assert isinstance(source, Source)
    assert source.encoding == encoding
    (manifest,) = [doc for doc in rest if isinstance(doc, Manifest)]
    assert [(s.name, s.location.line, s.location.column) for s in manifest.specs] == [
        ("python", 4, 5)
    ]


def test_a_huge_file_is_refused_with_a_sentence(tmp_path):
    with (tmp_path / "environment.yml").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    (document,) = read_file(tmp_path / "environment.yml", "environment.yml")
    assert "larger than" in document.message


def test_nul_bytes_are_refused_with_their_line(tmp_path):
    (tmp_path / "environment.yml").write_bytes(
        b"name: a\nchannels: [\x00]\n# a comment, for length\n"
    )
    (document,) = read_file(tmp_path / "environment.yml", "environment.yml")
    assert (document.message, document.location.line) == (
        "The file holds NUL bytes, so it is not text",
        2,
    )
