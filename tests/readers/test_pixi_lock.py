from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lock_texts import assert_reads_or_refuses, layouts, locks, mutated, real, rows, source

from conda_preflight.documents import Location
from conda_preflight.errors import ReadError
from conda_preflight.readers import conda_lock, pixi_lock

MD5, SHA = "a" * 32, "b" * 64
HOST = "https://conda.example.org/conda-forge"
OLD = f"""\
version: 3
metadata:
  content_hash:
    linux-64: {SHA}
  channels:
  - url: {HOST}/
    used_env_vars: []
  platforms:
  - linux-64
  sources: []
  git_metadata: null
package:
- platform: linux-64
  name: xz
  version: 5.2.6
  category: main
  manager: conda
  dependencies:
  - libgcc >=12
  url: {HOST}/noarch/xz-5.2.6-h166bdaf_0.tar.bz2
  hash:
    md5: {MD5}
    sha256: null
  build: h166bdaf_0
  subdir: linux-64
  build_number: 0
  constrains:
  - lzma <0
  license: LGPL-2.1
  size: 418368
  purls:
  - pkg:pypi/xz
- platform: linux-64
  name: click
  version: 8.0
  category: main
  manager: pypi
  requires_dist:
  - colorama ; sys_platform == 'win32'
  url: https://pypi.example.org/click-8.0-py3-none-any.whl
  hash:
    md5: null
    sha256: {SHA}
"""
FIVE = f"""\
version: 5
environments:
  default:
    channels:
    - url: {HOST}/
    packages:
      linux-64:
      - conda: {HOST}/noarch/tzdata-2024a-h0c530f3_0.conda
      - pypi: .
      osx-arm64:
      - conda: {HOST}/noarch/tzdata-2024a-h0c530f3_0.conda
  test:
    channels: []
    packages:
      osx-arm64: []
packages:
- kind: pypi
  name: Foo_Bar
  version: 0.1.0
  path: .
  sha256: {SHA}
  requires_dist:
  - numpy>=1
  editable: true
- kind: conda
  name: tzdata
  version: 2024a
  build: h0c530f3_0
  subdir: noarch
  url: {HOST}/noarch/tzdata-2024a-h0c530f3_0.conda
  sha256: {SHA}
  md5: {MD5}
  license: LicenseRef-Public-Domain
  size: 119815
"""
SEVEN = f"""\
version: 7
platforms:
- name: linux-64
- name: gpu
  subdir: linux-64
  virtual-packages:
  - __cuda=12
  - __archspec=0=x86_64
environments:
  default:
    channels:
    - url: {HOST}/
    packages:
      gpu:
      - conda: {HOST}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda
      - conda_source: tool[0f1fe906] @ crates/tool
      - pypi: git+https://git.example.org/a.git#abc
packages:
- conda: {HOST}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda
  build_number: 3
  sha256: {SHA}
  md5: {MD5}
  depends:
  - libzlib
  constrains:
  - python_abi 3.12.*
  license: Python-2.0
  purls: []
  size: 7
- conda_source: tool[0f1fe906] @ crates/tool
  depends:
  - libgcc >=15
- pypi: git+https://git.example.org/a.git#abc
  name: a
"""


def refused(text: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        pixi_lock.read(source(text, "pixi.lock"))
    return caught.value


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_old_lock_is_one_default_environment(version):
    text = OLD.replace("version: 3", f"version: {version}", 1)
    (lock,) = locks(pixi_lock.read(source(text, "pixi.lock")))
    assert (lock.kind, lock.version, lock.environment) == ("pixi.lock", version, "default")
    assert lock.entries == {"conda": 1, "pypi": 1}
    xz, click = lock.packages
    assert (xz.build, xz.subdir, xz.platform, xz.sha256) == ("h166bdaf_0", "noarch", "linux-64", "")
    assert (xz.depends, xz.constrains) == (("libgcc >=12",), ("lzma <0",))
    assert (xz.licence, xz.size, xz.purls) == ("LGPL-2.1", 418368, ("pkg:pypi/xz",))
    assert xz.location == Location("pixi.lock", 14, 9, 2)
    assert (click.manager, click.depends[0][:8], click.sha256) == ("pypi", "colorama", SHA)


def test_each_environment_is_a_lock():
    default, test = locks(pixi_lock.read(source(FIVE, "pixi.lock")))
    assert (default.environment, test.environment) == ("default", "test")
    assert default.platforms == ("linux-64", "osx-arm64")
    assert [(p.name, p.platform) for p in default.packages] == [
        ("tzdata", "linux-64"),
        ("foo-bar", "linux-64"),
        ("tzdata", "osx-arm64"),
    ]
    assert not test.packages
    assert default.entries == test.entries == {"conda": 1, "pypi": 1}
    assert [c.name for c in default.channels] == ["conda-forge"]


def test_records_of_version_5():
    (default, _) = locks(pixi_lock.read(source(FIVE, "pixi.lock")))
    tzdata, foo, _ = default.packages
    assert (tzdata.subdir, tzdata.channel, tzdata.build_number) == ("noarch", "conda-forge", 0)
    assert tzdata.location == Location("pixi.lock", 26, 9, 6)
    assert (foo.url, foo.editable, foo.depends) == (".", True, ("numpy>=1",))


def test_records_of_version_7():
    (lock,) = locks(pixi_lock.read(source(SEVEN, "pixi.lock")))
    python, tool, cloned = lock.packages
    assert (python.name, python.version, python.build_number) == ("python", "3.12.0", 3)
    assert (python.platform, python.subdir, python.channel) == ("gpu", "linux-64", "conda-forge")
    assert (python.location.line, python.location.column) == (19, 10)
    assert (tool.name, tool.version, tool.url) == ("tool", "", "crates/tool")
    assert (cloned.manager, cloned.name, cloned.version) == ("pypi", "a", "")
    assert lock.entries == {"conda": 2, "pypi": 1}
    assert (lock.platforms, lock.subdirs) == (("gpu",), {"gpu": "linux-64"})
    assert [(v.name, v.version, v.build, v.platform) for v in lock.virtual_packages] == [
        ("__cuda", "12", "", "gpu"),
        ("__archspec", "0", "x86_64", "gpu"),
    ]


def test_records_of_one_path_are_told_apart():
    text = f"""\
version: 6
environments:
  default:
    channels: []
    packages:
      linux-64:
      - conda: .
      win-64:
      - conda: .
      osx-64:
      - conda: .
        version: '3'
packages:
- {{conda: ., name: a, version: '1', subdir: win-64}}
- {{conda: ., name: a, version: '2', subdir: linux-64}}
- {{conda: ., name: a, version: '3', subdir: linux-64, sha256: {SHA}}}
"""
    (lock,) = locks(pixi_lock.read(source(text, "pixi.lock")))
    assert {p.platform: p.version for p in lock.packages} == {
        "linux-64": "2",
        "win-64": "1",
        "osx-64": "3",
    }


def test_doubled_and_unknown_keys_are_told():
    text = FIVE.replace("  license:", "  license: x\n  license:") + "colour: red\n"
    (layout,) = layouts(pixi_lock.read(source(text, "pixi.lock")))
    assert [d.key for d in layout.duplicates] == ["license"]
    assert [n.text for n in layout.unknown] == ["colour"]


@pytest.mark.parametrize(
    ("text", "old", "new", "words", "line"),
    [
        (FIVE, "version: 5", "version: 0", "'0'", 1),
        (FIVE, "version: 5", "version: 99", "'99'", 1),
        (FIVE, "version: 5\n", "", "no `version`", 1),
        (FIVE, "      - pypi: .", "      - pypi: ./other", "does not describe", 9),
        (FIVE, "      - pypi: .", "      - npm: .", "neither a conda nor", 9),
        (FIVE, "      - pypi: .", "      - pypi", "must be a mapping", 9),
        (FIVE, "- kind: conda", "- kind: npm", "neither conda nor pypi", 25),
        (FIVE, "- kind: conda\n  name: tzdata", "- name: tzdata", "neither `conda`", 25),
        (FIVE, "  name: Foo_Bar\n", "", "`name` is missing", 17),
        (FIVE, f"  url: {HOST}/noarch", f"  link: {HOST}/noarch", "`url` is missing", 25),
        (FIVE, "size: 119815", "size: big", "whole number", 34),
        (FIVE, "packages:\n- kind", "packages:\n  kind", "YAML", 25),
        (FIVE, "      osx-arm64: []", "      osx-arm64: {}", "must be a list", 15),
        (SEVEN, "tool[0f1fe906] @ crates/tool\n  dep", "tool\n  dep", "name[hash] @ path", 30),
        (SEVEN, "- name: gpu", "- label: gpu", "`name` is missing", 4),
        (OLD, "  name: xz\n", "", "`name` is missing", 13),
    ],
)
def test_wrong_shapes_are_refused_with_their_place(text, old, new, words, line):
    assert old in text
    error = refused(text.replace(old, new, 1))
    assert words in error.message
    assert error.line == line
    assert error.column


def test_lock_that_is_cut_off_is_refused():
    for line in range(1, FIVE.count("\n") - 6):
        refused("\n".join(FIVE.split("\n")[:line]))


def test_recognition():
    for text in (OLD, FIVE, SEVEN):
        assert pixi_lock.recognizes(source(text, "any-lock.yml"))
        assert not conda_lock.recognizes(source(text, "any-conda-lock.yml"))
    assert pixi_lock.recognizes(source("", "sub/pixi.lock"))
    assert pixi_lock.recognizes(source("", "magic.lock"))
    assert not pixi_lock.recognizes(source("environments:\n- a\n", "a.yml"))


@pytest.mark.parametrize("row", rows("pixi.lock"))
def test_real_lock(row):
    given = real(row)
    assert pixi_lock.recognizes(given)
    read = locks(pixi_lock.read(given))
    assert {lock.version for lock in read} == {row["format_version"]}
    assert read[0].entries == counted(given.text, row)
    for package in read[0].packages:
        assert package.manager == "pypi" or (package.name and package.platform)


def counted(text: str, row: dict[str, str]) -> dict[str, int]:
    """The index, where it counts records, else lines of the text.

    From version 4 on the index's conda column counts every ``- conda:`` line, so that each
    environment's references are in it, and records of ``kind: conda`` are not. In version 3
    its pypi column leaves out ``manager: pypi``.
    """
    version = int(row["format_version"])
    if version < 4:
        pypi = len(re.findall(r"^  manager: pypi$", text, re.MULTILINE))
        return {"conda": int(row["conda_entries"]), "pypi": pypi}
    lines = re.findall(r"^ *- conda:", text, re.MULTILINE)
    assert len(lines) == int(row["conda_entries"])
    records = text[re.search(r"^packages:", text, re.MULTILINE).end() :].lstrip("\n")
    lead = re.match(r" *", records)[0]
    conda = len(
        re.findall(rf"^{lead}- (?:kind: conda$|conda:|conda_source:)", records, re.MULTILINE)
    )
    return {"conda": conda, "pypi": int(row["pypi_entries"])}


@settings(deadline=None)
@given(st.text(max_size=200) | mutated(OLD) | mutated(FIVE) | mutated(SEVEN))
def test_any_text_is_read_or_refused(text):
    assert_reads_or_refuses(pixi_lock, text, "pixi.lock")


def test_packages_of_one_place_are_bounded():
    url = f"{HOST}/noarch/a-1-0.conda"
    text = (
        "version: 6\nenvironments:\n  e:\n    channels: []\n    packages:\n      linux-64:\n"
        + f"      - conda: {url}\n" * 3000
        + "packages:\n"
        + f"- conda: {url}\n  sha256: {SHA}\n" * 3000
    )
    with pytest.raises(ReadError, match="one place"):
        pixi_lock.read(source(text, "pixi.lock"))
