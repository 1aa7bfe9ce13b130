from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Prefix, Unreadable
from conda_preflight.errors import ReadError
from conda_preflight.grammar import conda_history, conda_meta, dist_info
from conda_preflight.readers import prefix

BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", BESIDE)) / "conda-meta"
SITE = "lib/python3.11/site-packages"


def record(name: str, **more: object) -> str:
    fields = {"name": name, "version": "1.0", "build": "py_0", "build_number": 0, **more}
    return json.dumps(fields, indent=2, sort_keys=True)


def write(root: Path, name: str, text: str = "") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def project(root: Path, name: str, version: str, **files: str) -> None:
    folder = f"{SITE}/{name}-{version}.dist-info"
    write(root, f"{folder}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    for file, text in files.items():
        write(root, f"{folder}/{file.replace('_json', '.json')}", text)


def read(root: Path) -> tuple[Prefix, list[Unreadable]]:
    first, *rest = prefix.read(root, "env")
    assert isinstance(first, Prefix)
    assert all(isinstance(doc, Unreadable) for doc in rest)
    return first, rest  # type: ignore[return-value]


def test_conda_and_pip_side_by_side(tmp_path: Path) -> None:
    owned = f"{SITE}/numpy-1.0.dist-info/METADATA"
    url = "https://conda.example.org/conda-forge/linux-64/numpy-1.0-py_0.conda"
    numpy = record(
        "NumPy",
        files=[owned, "lib/x"],
        paths_data={"paths": [{"_path": owned}]},
        url=url,
        subdir="linux-64",
        sha256="A" * 64,
        depends=["python"],
        license="BSD-3-Clause",
        requested_spec="numpy>=1",
    )
    write(tmp_path, "conda-meta/numpy-1.0-py_0.json", numpy)
    write(tmp_path, "conda-meta/history", "# update specs: ['python=3.11', \"numpy[build='x']\"]\n")
    write(tmp_path, "conda-meta/python-1.0-py_0.json", record("python"))
    write(tmp_path, "lib/python3.11/EXTERNALLY-MANAGED")
    write(tmp_path, "conda-meta/frozen", "{}")
    (tmp_path / "lib" / "python3.1").symlink_to("python3.11")
    project(tmp_path, "numpy", "1.0")
    project(tmp_path, "Flask_Login", "2.0", REQUESTED="", INSTALLER="pip")
    direct = '{"url": "file:///src/x", "dir_info": {"editable": true}}'
    project(tmp_path, "x", "0.1", direct_url_json=direct)
    found, rest = read(tmp_path)
    assert rest == []
    assert [(p.manager, p.name, p.version) for p in found.packages] == [
        ("conda", "numpy", "1.0"),
        ("conda", "python", "1.0"),
        ("pypi", "flask-login", "2.0"),
        ("pypi", "x", "0.1"),
    ]
    first, last = found.packages[0], found.packages[-1]
    assert (first.channel, first.sha256, first.licence) == ("conda-forge", "a" * 64, "BSD-3-Clause")
    assert first.location.path == "env/conda-meta/numpy-1.0-py_0.json"
    assert (last.url, last.editable) == ("file:///src/x", True)
    assert found.requested == {
        "numpy": "numpy>=1",
        "python": "python=3.11",
        "flask-login": "flask-login",
    }
    assert found.frozen
    assert found.externally_managed


def test_bad_records_are_told(tmp_path: Path) -> None:
    for name, text in (("a", "{'build': 0x0}"), ("b", "[]"), ("c", '{"name": "c"}'), ("d", "")):
        write(tmp_path, f"conda-meta/{name}.json", text)
    write(tmp_path, "conda-meta/e.json", "[" * 100_000)
    write(tmp_path, "conda-meta/._f.json", "x")
    write(tmp_path, f"{SITE}/g-1.dist-info/METADATA", "Name: g\n")
    write(tmp_path, f"{SITE}/h-1.dist-info/RECORD", "")
    found, rest = read(tmp_path)
    assert found.packages == ()
    assert [doc.path.rpartition("env/")[2] for doc in rest] == [
        *(f"conda-meta/{name}.json" for name in "abcde"),
        f"{SITE}/g-1.dist-info/METADATA",
        f"{SITE}/h-1.dist-info/METADATA",
    ]


def test_links_out_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "secret.json", record("secret"))
    env = tmp_path / "env"
    write(env, "conda-meta/a.json", record("a"))
    (env / "conda-meta" / "b.json").symlink_to(tmp_path / "secret.json")
    (tmp_path / "lib" / "python3.11").mkdir(parents=True)
    (env / "lib").symlink_to(tmp_path / "lib")
    found, rest = read(env)
    assert [p.name for p in found.packages] == ["a"]
    assert [doc.path for doc in rest] == ["env/conda-meta/b.json"]


def test_nothing_there(tmp_path: Path) -> None:
    assert read(tmp_path / "missing")[0].packages == ()


def test_history_forgets_what_was_removed() -> None:
    text = "# update specs: a=1, b\n# remove specs: ['b']\n# update specs: ['a=2']\n"
    assert conda_history.requested(text, "h") == {"a": "a=2"}


def test_surrogates_do_not_reach_a_report() -> None:
    found = conda_meta.parse(b'{"name": "a", "version": "\\ud800"}', "p").package
    found.version.encode()


def test_four_hundred_packages_are_fast(tmp_path: Path) -> None:
    files = [f"lib/python3.11/site-packages/pkg/{n}.py" for n in range(500)]
    paths = {"paths": [{"_path": name, "sha256": "0" * 64} for name in files]}
    for n in range(400):
        text = record(f"p{n}", files=files, paths_data=paths)
        write(tmp_path, f"conda-meta/p{n}-1.0-0.json", text)
    began = time.thread_time()
    assert len(read(tmp_path)[0].packages) == 400
    assert time.thread_time() - began < 2


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_records_of_any_bytes(data: bytes) -> None:
    try:
        conda_meta.parse(data, "p")
    except ReadError:
        return


@given(
    st.dictionaries(
        st.sampled_from(["name", "version", "url", "size", "depends", "sha256", "channel"]),
        st.text(max_size=9) | st.integers() | st.none() | st.lists(st.text() | st.integers()),
    )
)
def test_records_of_any_fields(fields: dict[str, object]) -> None:
    try:
        conda_meta.parse(json.dumps({"name": "a", "version": "1", **fields}).encode(), "p")
    except ReadError:
        return


@given(st.binary(max_size=100), st.binary(max_size=100), st.text(max_size=100))
def test_projects_of_any_bytes(metadata: bytes, direct: bytes, history: str) -> None:
    conda_history.requested("# update specs: " + history, "h")
    try:
        dist_info.parse(b"Name: a\nVersion: 1\n" + metadata, direct, "p")
    except ReadError:
        return


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of real files is not here")
@pytest.mark.parametrize(
    ("folder", "packages", "broken"),
    [
        ("conda-envpy313tosx_whl", 16, 0),
        ("conda-envpy37win", 8, 0),
        ("rattler-osx-arm64-py311-numpy", 42, 1),
        ("conda-corrupt/json/conda-meta", 1, 1),
        ("conda-corrupt/unicode/conda-meta", 1, 1),
        ("conda-corrupt/dot_underscore/conda-meta", 1, 0),
    ],
)
def test_real_prefixes(tmp_path: Path, folder: str, packages: int, broken: int) -> None:
    shutil.copytree(CORPUS / folder, tmp_path / "conda-meta")
    found, rest = read(tmp_path)
    assert (len(found.packages), len(rest)) == (packages, broken)
    if folder == "conda-envpy313tosx_whl":
        assert set(found.requested) == {"python_abi", "python", "pip"}
        assert {p.channel for p in found.packages} == {"conda-forge"}


def test_a_commit_that_is_no_text_is_left_out() -> None:
    direct = b'{"url": "https://git.example.org/a", "vcs_info": {"vcs": "git", "commit_id": [1]}}'
    found = dist_info.parse(b"Name: a\nVersion: 1\n", direct, "p")
    assert found.url == "git+https://git.example.org/a@"
