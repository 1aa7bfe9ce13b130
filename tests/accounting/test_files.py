from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.accounting.link_targets import CIRCLE, INSIDE, NOWHERE, OUTSIDE, LinkTargets
from conda_preflight.accounting.orphans import grouped, role, runs_unasked
from conda_preflight.accounting.telling import few, shown
from conda_preflight.engines import digest_cache
from conda_preflight.engines.digest_worker import unreplaced
from conda_preflight.engines.tree_walk import walk
from conda_preflight.errors import ReadError
from conda_preflight.grammar import conda_paths, wheel_record
from conda_preflight.grammar.entry_point import interpreter, is_entry_point
from conda_preflight.grammar.extension_tag import is_for
from conda_preflight.readers import inventory
from conda_preflight.verification import verify

SITE = "lib/python3.11/site-packages"
PLACEHOLDER = "/opt/" + "placehold_" * 10


def replaced(data: bytes, prefix: bytes, *, binary: bool) -> bytes:
    """What an installer does: the path of the prefix, padded in binary files."""
    old = PLACEHOLDER.encode()
    if not binary:
        return data.replace(old, prefix)
    parts = []
    for part in data.split(b"\0"):
        new = part.replace(old, prefix)
        parts.append(new + b"\0" * (len(part) - len(new)))
    return b"\0".join(parts)


pieces = st.sampled_from([PLACEHOLDER.encode(), b"/lib", b"\0", b"x", b"\0\0", b":", b"\xff"])


@given(st.lists(pieces, max_size=12).map(b"".join), st.booleans())
def test_the_path_of_a_prefix_is_taken_out_again(data, binary):
    packed = data + b"\0"
    prefix = b"/home/me/env"
    here = replaced(packed, prefix, binary=binary)
    assert unreplaced(here, prefix, PLACEHOLDER.encode(), is_binary=binary) == packed


@given(st.binary(max_size=300))
def test_no_list_of_a_wheel_is_too_strange(data):
    files, error = wheel_record.parse(data, SITE)
    assert error is None or isinstance(error, ReadError)
    assert all(file.path for file in files)


@given(st.binary(max_size=200))
def test_no_record_is_too_strange(data):
    for parse in (conda_paths.parse, conda_paths.salvage):
        try:
            assert isinstance(parse(data), tuple)
        except ReadError:
            assert parse is conda_paths.parse


def test_what_is_left_of_a_record_that_is_cut_off():
    record = {"files": ["a", 'b"c'], "paths_data": {"paths": [{"_path": "d"}]}}
    text = json.dumps(record).encode()
    assert {f.path for f in conda_paths.salvage(text[:-4])} == {"a", 'b"c', "d"}


@pytest.mark.parametrize(
    ("row", "path", "digest"),
    [
        ("a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0", f"{SITE}/a.py", "e3b0c4"),
        ('"a,b.py",,', f"{SITE}/a,b.py", ""),
        ("../../../bin/x,md5=AAAA,3", "bin/x", ""),
        ("/etc/x,,", "/etc/x", ""),
        ("../../../../x,,", "../x", ""),
    ],
)
def test_rows_of_a_wheels_list(row, path, digest):
    files, error = wheel_record.parse(f"{row}\r\n".encode(), SITE)
    assert error is None
    assert files[0].path == path
    assert files[0].digest.startswith(digest)
    assert bool(files[0].digest) == bool(digest)


LINKS = {
    "lib64": "lib",
    "a": "b",
    "b": "a",
    "out": "../elsewhere",
    "abs": "/root/env/lib/x",
    "far": "/usr/lib",
    "gone": "nothing",
    "deep": "lib64/x",
    "climb": "lib/../../x",
}


@pytest.mark.parametrize(
    ("link", "kind", "path"),
    [
        ("lib64", INSIDE, "lib"),
        ("a", CIRCLE, ""),
        ("out", OUTSIDE, "../elsewhere"),
        ("abs", INSIDE, "lib/x"),
        ("far", OUTSIDE, "/usr/lib"),
        ("gone", NOWHERE, "nothing"),
        ("deep", INSIDE, "lib/x"),
        ("climb", OUTSIDE, "lib/../../x"),
    ],
)
def test_where_links_lead(link, kind, path):
    targets = LinkTargets({"lib", "lib/x", *LINKS}, LINKS, ["/root/env"])
    found = targets.of(link)
    assert found.kind == kind
    assert not path or found.path == path
    assert targets.real("lib64/x") == "lib/x"


def test_who_runs_unasked_and_what_code_is():
    sites = [SITE]
    asked = {
        f"{SITE}/x.pth": True,
        f"{SITE}/sub/x.pth": False,
        f"{SITE}/sitecustomize.py": True,
        f"{SITE}/sitecustomize/__init__.py": True,
        f"{SITE}/sub/sitecustomize.py": False,
        "lib/python3.11/lib-dynload/usercustomize.cpython-311-x86_64-linux-gnu.so": True,
        "lib/python311.zip": True,
        "etc/conda/activate.d/x.sh": True,
        "share/x.pth": False,
    }
    assert {path: bool(runs_unasked(path, sites)) for path in asked} == asked
    codes = {"bin/x": True, f"{SITE}/x/y.py": True, "lib/libx.so.1.2": True, "share/x.py": False}
    assert {path: bool(role(path)) for path in codes} == codes


def test_orphans_are_told_by_the_topmost_folder_of_theirs():
    paths = ["a/b/c", "a/b/d/e", "a/f", "g"]
    assert dict(grouped(paths, ["a/x"])) == {"a/b/": paths[:2], "a/f": ["a/f"], "g": ["g"]}


def test_names_are_shown_so_that_nothing_acts():
    assert shown("a\n\udcff\x1b[0m") == "a\\x0a\\xff\\x1b[0m"
    assert few(["a"]) == "a"
    assert few(["a", "b", "c"]) == "a, b and c"
    assert few(list("abcde")) == "a, b, c and 2 more"


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("x.cpython-311-x86_64-linux-gnu.so", True),
        ("x.cpython-310-x86_64-linux-gnu.so", False),
        ("x.cpython-311t-x86_64-linux-gnu.so", False),
        ("x.abi3.so", True),
        ("x.so", True),
        ("libx.so.1", None),
    ],
)
def test_for_which_python_a_module_is(name, fits):
    assert is_for(f"{SITE}/{name}", "3.11.7") is fits


def test_entry_points_of_every_installer():
    conda = (
        "#!/env/bin/python3.11\n# -*- coding: utf-8 -*-\nimport re\nimport sys\n\n"
        "from pip._internal.cli.main import main\n\nif __name__ == '__main__':\n"
        "    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])\n"
        "    sys.exit(main())\n"
    )
    assert is_entry_point(conda.encode())
    assert not is_entry_point(conda.replace("import re", "import os").encode())
    assert not is_entry_point((conda + "print()\n").encode())
    assert interpreter(conda.encode()) == "/env/bin/python3.11"
    trick = b"#!/bin/sh\n'''exec' \"/long path/bin/python\" \"$0\" \"$@\"\n' '''\n"
    assert interpreter(trick) == "/long path/bin/python"
    assert interpreter(b"#!/usr/bin/env python\n") == "/usr/bin/env python"
    assert interpreter(b"\x7fELF") == ""


@pytest.fixture
def prefix(tmp_path):
    root = tmp_path / "env"
    (root / "share").mkdir(parents=True)
    (root / "conda-meta").mkdir()
    paths = []
    for number in range(30):
        file = root / "share" / f"{number}.txt"
        file.write_text(f"content {number}\n")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        row = {"path_type": "hardlink", "sha256": digest, "size_in_bytes": file.stat().st_size}
        paths.append({"_path": f"share/{number}.txt", **row})
    record = {"name": "x", "version": "1", "build": "0", "paths_data": {"paths": paths}}
    (root / "conda-meta" / "x-1-0.json").write_text(json.dumps(record))
    return root


def deviations(prefix: Path, cache: Path | None, level: str = "digests") -> list[str]:
    found = verify(prefix, "env", inventory.read, level=level, cache=cache)
    return [each.path for each in found.deviations]


def test_a_kept_digest_is_not_believed_of_a_changed_file(prefix, tmp_path):
    cache = tmp_path / "cache"
    assert deviations(prefix, cache) == []
    file = prefix / "share" / "7.txt"
    before = file.stat()
    file.write_text("CONTENT 7\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert deviations(prefix, cache) == ["share/7.txt"]
    assert deviations(prefix, cache, "quick") == []


def test_kept_digests_save_the_second_reading(prefix, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    monkeypatch.setattr(digest_cache, "TICK", 0)
    time.sleep(0.05)  # the clock of files may be a little behind
    first = deviations(prefix, cache)
    file = next(cache.iterdir())
    kept = digest_cache.load(file)
    assert kept
    assert kept.is_same(walk(str(prefix)))
    assert deviations(prefix, cache) == first
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert digest_cache.load(file) is None
    assert deviations(prefix, cache) == first


def test_a_cache_that_cannot_be_written_is_none(prefix, tmp_path):
    (tmp_path / "file").write_text("")
    assert deviations(prefix, tmp_path / "file" / "cache") == []
