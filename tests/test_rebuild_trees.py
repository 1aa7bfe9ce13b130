"""Two trees compared, modules found, a prefix moved: the parts of a rebuild on small files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from conda_preflight.engines import clean_process
from conda_preflight.rebuilding import causes, workplace
from conda_preflight.rebuilding.modules import modules
from conda_preflight.rebuilding.outcome import Unexplained
from conda_preflight.rebuilding.relocation import RelocationError, relocate
from conda_preflight.rebuilding.trees import compare


@pytest.fixture
def prefixes(tmp_path: Path) -> tuple[Path, Path]:
    made = tmp_path / "prefix-1", tmp_path / "prefix-2"
    for prefix in made:
        prefix.mkdir()
    return made


def put(prefixes: tuple[Path, Path], path: str, content: str | bytes | list) -> None:
    """Write a file into both, with PREFIX for each one's own path; a list holds both contents."""
    both = content if isinstance(content, list) else [content, content]
    for prefix, one in zip(prefixes, both, strict=True):
        data = one.encode() if isinstance(one, str) else one
        file = prefix / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.replace(b"PREFIX", os.fsencode(prefix)))


def causes_of(prefixes: tuple[Path, Path]) -> dict[str, tuple[str, ...]]:
    found = compare(*prefixes)
    assert found.unexplained == ()
    return dict(found.explained)


def whats(prefixes: tuple[Path, Path]) -> list[Unexplained]:
    return list(compare(*prefixes).unexplained)


def test_the_same_trees(prefixes):
    put(prefixes, "lib/a", b"\0same")
    put(prefixes, "empty", b"")
    assert causes_of(prefixes) == {}


def test_the_prefix_in_a_text_in_a_binary_and_in_a_link(prefixes):
    put(prefixes, "bin/a", "#!PREFIX/bin/python\n# PREFIX\n")
    put(prefixes, "lib/a.so", b"\x7fELF\0PREFIX/lib\0\0\0end")
    for prefix in prefixes:
        (prefix / "link").symlink_to(prefix / "bin/a")
    assert causes_of(prefixes) == {causes.PREFIX: ("bin/a", "lib/a.so"), causes.LINK: ("link",)}


@pytest.mark.parametrize(
    ("content", "at"),
    [
        (["one", "two"], 0),
        (["PREFIX 1", "PREFIX 2"], None),
        (["1 PREFIX", "2 PREFIX"], 0),
        (["short", "shorter"], 5),
        ([b"PREFIX", b"/other/place"], None),
    ],
)
def test_what_differs_otherwise_has_no_cause(prefixes, content, at):
    put(prefixes, "file", content)
    (found,) = whats(prefixes)
    assert found.path == "file"
    assert at is None or found.what == f"differs from byte {at} on"


def test_files_modes_kinds_and_links_count(prefixes):
    first, second = prefixes
    put(prefixes, "mode", "x")
    (second / "mode").chmod(0o755)
    (first / "only").touch()
    (first / "kind").mkdir()
    (second / "kind").touch()
    (first / "link").symlink_to("a")
    (second / "link").symlink_to("b")
    os.mkfifo(first / "pipe")
    os.mkfifo(second / "pipe")
    found = {each.path: each.what for each in whats(prefixes)}
    assert found.keys() == {"mode", "only", "kind", "link", "pipe"}
    assert found["only"] == "is in the first only"
    assert found["mode"] == "has mode 644 and then 755"


def test_bytecode_may_differ_in_its_head_alone(prefixes):
    magic = b"\xa7\r\r\n"
    put(prefixes, "a.pyc", [magic + b"1" * 12 + b"code", magic + b"2" * 12 + b"code"])
    put(prefixes, "b.pyc", [magic + b"1" * 12 + b"code", magic + b"1" * 12 + b"CODE"])
    found = compare(*prefixes)
    assert found.explained == {causes.BYTECODE: ("a.pyc",)}
    assert [each.path for each in found.unexplained] == ["b.pyc"]


def test_times_in_the_history_are_known(prefixes):
    text = "==> 2026-01-0{} 10:00:00 <==\n+a\n"
    put(prefixes, "conda-meta/history", [text.format(1), text.format(2)])
    assert causes_of(prefixes) == {causes.HISTORY: ("conda-meta/history",)}
    put(prefixes, "conda-meta/history", [text.format(1), text.format(2) + "+b\n"])
    assert len(whats(prefixes)) == 1


def record(*rows: tuple[str, str, str]) -> str:
    paths = [{"_path": p, "path_type": k, "sha256_in_prefix": d} for p, k, d in rows]
    return json.dumps({"name": "a", "files": [], "paths_data": {"paths": paths}})


def test_lists_of_digests_differ_as_their_files_do(prefixes):
    put(prefixes, "bin/a", "#!PREFIX\n")
    put(prefixes, "bin/b", "#!/bin/sh\n")
    info = "lib/python3.11/site-packages/a-1.dist-info/RECORD"
    row = "../../../bin/{},sha256={},9\n"
    put(prefixes, info, [row.format("a", "1" * 43), row.format("a", "2" * 43)])
    rows = [record(("bin/a", "hardlink", d * 64)) for d in "12"]
    put(prefixes, "conda-meta/a-1-0.json", rows)
    found = causes_of(prefixes)
    assert found[causes.RECORD] == ("conda-meta/a-1-0.json", info)
    put(prefixes, info, [row.format("b", "1" * 43), row.format("b", "2" * 43)])
    put(prefixes, "conda-meta/a-1-0.json", [record(("bin/b", "hardlink", d * 64)) for d in "12"])
    assert [each.path for each in whats(prefixes)] == ["conda-meta/a-1-0.json", info]


@pytest.mark.parametrize("broken", ["[", "{}", '{"paths_data": {"paths": [1]}}', "[" * 100_000])
def test_a_list_that_is_broken_has_no_cause(prefixes, broken):
    put(prefixes, "conda-meta/a-1-0.json", [broken, broken + " "])
    assert len(whats(prefixes)) == 1


def test_modules_are_what_the_files_say():
    site = "lib/python3.11/site-packages"
    files = [
        "bin/tool",
        f"{site}/sklearn/__init__.py",
        f"{site}/sklearn/svm/__init__.py",
        f"{site}/six.py",
        f"{site}/_private.py",
        f"{site}/fast.cpython-311-x86_64-linux-gnu.so",
        f"{site}/tests/__init__.py",
        f"{site}/google/cloud/storage/__init__.py",
        f"{site}/data/file.txt",
        f"{site}/not-a-name/__init__.py",
        f"{site}/scikit_learn-1.dist-info/RECORD",
        "share/__init__.py",
    ]
    assert modules(files, site) == ("fast", "google.cloud.storage", "six", "sklearn")


def test_a_prefix_is_moved_in_texts_links_and_lists(tmp_path):
    prefix, final = tmp_path / "interim", tmp_path / "at-last"
    info = prefix / "lib/python3.11/site-packages/a-1.dist-info"
    info.mkdir(parents=True)
    (prefix / "bin").mkdir()
    tool = prefix / "bin/tool"
    tool.write_text(f"#!{prefix}/bin/python\n")
    tool.chmod(0o755)
    (prefix / "link").symlink_to(prefix / "bin/tool")
    (info / "RECORD").write_text("../../../bin/tool,sha256=old,1\na.py,sha256=kept,2\n")
    relocate(prefix, final)
    assert tool.read_text() == f"#!{final}/bin/python\n"
    assert tool.stat().st_mode & 0o777 == 0o755
    assert (prefix / "link").readlink() == final / "bin/tool"
    first, second = (info / "RECORD").read_text().splitlines()
    assert first.startswith("../../../bin/tool,sha256=")
    assert "old" not in first
    assert first.endswith(f",{len(tool.read_bytes())}")
    assert second == "a.py,sha256=kept,2"
    (prefix / "binary").write_bytes(b"\0" + os.fsencode(prefix))
    with pytest.raises(RelocationError, match="binary"):
        relocate(prefix, final)


def test_a_working_folder_is_cleared_after_its_process_died(tmp_path):
    dead = tmp_path / "run-dead"
    (dead / "inner").mkdir(parents=True)
    with workplace.opened(tmp_path, "run-") as mine:
        assert not dead.exists()
        with workplace.opened(tmp_path, "run-") as other:
            assert mine.is_dir()
            assert other.is_dir()
        assert mine.is_dir()
    assert not list(tmp_path.iterdir())


def test_a_program_that_cannot_start_is_told(tmp_path):
    ended = clean_process.run(["no-such-program"], {}, tmp_path, 5)
    assert (ended.code, ended.late) == (127, False)
    assert "no-such-program" in ended.output


def test_what_a_program_started_ends_with_it(tmp_path):
    words = ["/bin/sh", "-c", "sleep 60 & echo begun"]
    ended = clean_process.run(words, {}, tmp_path, 20)
    assert (ended.code, ended.output) == (0, "begun")
    assert ended.seconds < 10
