from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lock_texts import assert_reads_or_refuses, layouts, locks, mutated, real, rows, source

from conda_preflight.documents import Location, Package
from conda_preflight.errors import ReadError
from conda_preflight.readers import conda_lock

MD5, SHA = "a" * 32, "b" * 64
TEXT = f"""\
version: 1
metadata:
  content_hash:
    linux-64: {SHA}
  channels:
  - url: https://conda.example.org/conda-forge
    used_env_vars: []
  - url: https://$TOKEN@conda.example.org/private
    used_env_vars: [TOKEN]
  platforms:
  - linux-64
  sources:
  - environment.yml
  custom_metadata:
    team: vision
package:
- name: NumPy
  version: 1.10
  manager: conda
  platform: linux-64
  dependencies:
    python: '>=3.10,<3.11.0a0'
    __unix: ''
  url: https://conda.example.org/conda-forge/linux-64/numpy-1.10-py310h7125741_0.conda
  hash:
    md5: {MD5}
    sha256: {SHA.upper()}
  category: dev
  optional: true
- name: Flask_Login
  version: 0.6.3
  manager: pip
  platform: linux-64
  url: https://pypi.example.org/flask_login-0.6.3-py3-none-any.whl
  hash:
    sha256: {SHA}
  optional: false
"""


def read(text: str, path: str = "conda-lock.yml") -> tuple[Package, ...]:
    return locks(conda_lock.read(source(text, path)))[0].packages


def refused(text: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        conda_lock.read(source(text, "conda-lock.yml"))
    return caught.value


def test_lock_says_what_its_metadata_says():
    (lock,) = conda_lock.read(source(TEXT, "conda-lock.yml"))
    assert (lock.kind, lock.version, lock.platforms) == ("conda-lock", "1", ("linux-64",))
    assert lock.content_hash == {"linux-64": SHA}
    assert [c.name for c in lock.channels] == ["conda-forge", "private"]
    assert lock.channels[1].text == "https://$TOKEN@conda.example.org/private"
    assert [(s.text, s.location.line) for s in lock.sources] == [("environment.yml", 13)]
    assert lock.entries == {"conda": 1, "pypi": 1}


def test_conda_package_is_completed_from_its_url():
    numpy = read(TEXT)[0]
    assert (numpy.manager, numpy.name, numpy.version) == ("conda", "numpy", "1.10")
    assert (numpy.build, numpy.build_number) == ("py310h7125741_0", 0)
    assert (numpy.platform, numpy.subdir, numpy.channel) == ("linux-64", "linux-64", "conda-forge")
    assert (numpy.md5, numpy.sha256) == (MD5, SHA)
    assert numpy.depends == ("python >=3.10,<3.11.0a0", "__unix")
    assert numpy.category == "dev"
    assert numpy.location == Location("conda-lock.yml", 17, 9, 5)


def test_pip_package_is_normalized_and_main_without_a_category():
    flask = read(TEXT)[1]
    assert (flask.manager, flask.name, flask.category) == ("pypi", "flask-login", "main")
    assert (flask.build, flask.channel) == ("", "")


def test_commit_in_place_of_a_digest_is_no_digest():
    text = TEXT.replace(
        "https://pypi.example.org/flask_login-0.6.3-py3-none-any.whl", "git+https://a/b"
    )
    text = text.replace(f"    sha256: {SHA}\n  optional", f"    sha256: {'c' * 40}\n  optional")
    assert read(text)[1].sha256 == ""


def test_package_without_hash_and_dependencies_is_read():
    text = re.sub(r"  hash:\n    md5.*\n    sha256.*\n", "", TEXT, count=1)
    assert read(text)[0].sha256 == ""


def test_version_may_be_left_out():
    assert len(read(TEXT.replace("version: 1\n", "", 1))) == 2


def test_doubled_and_unknown_keys_and_second_documents_are_told():
    text = TEXT.replace("  optional: true", "  optional: true\n  version: 2\n  colour: red")
    (layout,) = layouts(conda_lock.read(source(text + "---\nmore: 1\n", "conda-lock.yml")))
    assert [d.key for d in layout.duplicates] == ["version"]
    assert [(n.text, n.location.line) for n in layout.unknown] == [("colour", 31)]
    assert layout.documents == 2
    assert layout.second is not None
    assert layout.second.line == 40


def test_nothing_is_told_of_a_plain_file():
    assert not layouts(conda_lock.read(source(TEXT)))


@pytest.mark.parametrize(
    ("old", "new", "words", "line"),
    [
        ("version: 1\n", "version: 99\n", "'99'", 1),
        ("version: 1\n", "version: 0\n", "'0'", 1),
        ("version: 1\n", "version: [1]\n", "a list", 1),
        ("package:\n- name", "package:\n  name", "YAML", 30),
        ("- name: NumPy", "- label: NumPy", "`name` is missing", 17),
        ("  version: 1.10\n", "", "`version` is missing in the package NumPy", 17),
        ("  version: 1.10\n", "  version: {}\n", "a mapping", 18),
        ("  manager: conda\n", "  manager: npm\n", "neither conda nor pip", 19),
        ("  manager: conda\n", "", "`manager` is missing", 17),
        ("  platform: linux-64\n", "", "`platform` is missing", 17),
        (f"    md5: {MD5}", "    md5: abc", "32 hexadecimal", 26),
        ("  channels:\n  - url", "  channels:\n  - link", "`url` is missing", 6),
    ],
)
def test_wrong_shapes_are_refused_with_their_place(old, new, words, line):
    error = refused(TEXT.replace(old, new, 1))
    assert words in error.message
    assert error.line == line
    assert error.column


def test_wrong_tops_are_refused():
    assert "empty" in refused("# nothing\n").message
    assert "a list" in refused("- a\n- b\n").message
    assert "no `package`" in refused(TEXT.partition("package:")[0]).message
    assert "must be a list" in refused(TEXT.partition("package:")[0] + "package: {a: 1}").message
    assert "no `metadata`" in refused("version: 1\npackage: []\n").message


@pytest.mark.parametrize("end", range(TEXT.index("NumPy") + 1, TEXT.index(".conda\n") + 6))
def test_entry_that_is_cut_off_is_refused(end):
    refused(TEXT[:end])


def test_recognition():
    assert conda_lock.recognizes(source(TEXT, "any.yml"))
    assert conda_lock.recognizes(source("broken: [", "sub/gpu.conda-lock.yml"))
    assert not conda_lock.recognizes(source("on: push\njobs: {}\n", "conda-lock.yml"))
    assert not conda_lock.recognizes(source("name: CI\n", ".github/workflows/conda-lock.yml"))
    assert not conda_lock.recognizes(source("dependencies:\n- a\n", "conda-lock-env.yml"))
    assert not conda_lock.recognizes(source("package:\n  name: a\n", "meta.yaml"))
    assert not conda_lock.recognizes(source(TEXT, "pixi.lock"))


BROKEN = {"mamba-org__mamba__libmamba__tests__data__env_lockfile__bad_package-lock.yaml"}


@pytest.mark.parametrize("row", rows("conda-lock"))
def test_real_lock(row):
    given = real(row)
    assert conda_lock.recognizes(given)
    if row["file"] in BROKEN:
        refused(given.text)
        return
    (lock,) = locks(conda_lock.read(given))
    assert lock.entries == {"conda": int(row["conda_entries"]), "pypi": int(row["pypi_entries"])}
    assert len(lock.packages) == sum(lock.entries.values())
    for package in lock.packages:
        assert given.line(package.location.line)[package.location.column - 1 :].strip("'\"")


@settings(deadline=None)
@given(st.text(max_size=200) | mutated(TEXT))
def test_any_text_is_read_or_refused(text):
    assert_reads_or_refuses(conda_lock, text, "conda-lock.yml")
