"""The parts of ``clean``: sums, journals, deletion, moves, processes, mounts."""

from __future__ import annotations

import os
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.cleaning import journal as form
from conda_preflight.cleaning.age import last_use, said
from conda_preflight.cleaning.found import Environment, Usage
from conda_preflight.cleaning.journal import KEPT, Journal, Move
from conda_preflight.cleaning.names import TRASH, is_archive, is_dist, is_downloads, is_index
from conda_preflight.cleaning.policy import Using
from conda_preflight.cleaning.weight import together
from conda_preflight.engines.deletion import delete
from conda_preflight.engines.disk_usage import BLOCK, weigh
from conda_preflight.engines.mounts import Mounts
from conda_preflight.engines.processes import running
from conda_preflight.engines.trash import MoveError, away
from conda_preflight.errors import PreflightError, ReadError, UsageError
from conda_preflight.housekeeping_setting import read_housekeeping, seconds


def file(path, size=10_000):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def blocks(path):
    return path.lstat().st_blocks * BLOCK


def test_a_file_with_two_names_is_there_once_and_goes_with_the_last(tmp_path):
    first = file(tmp_path / "a" / "lib.so")
    os.link(first, file(tmp_path / "b" / "other").with_name("lib.so"))
    one, two = weigh([str(tmp_path / "a")]), weigh([str(tmp_path / "b")])
    assert one.own == blocks(tmp_path / "a")
    assert one.size == one.own + blocks(first)
    assert next(iter(one.shared))[2:] == (1, 2, blocks(first))
    both = together([one, two])
    assert both.own == both.size == one.own + two.own + blocks(first)
    assert both.size == weigh([str(tmp_path / "a"), str(tmp_path / "b")]).size
    assert not both.shared


def test_links_that_lead_out_are_told_and_not_followed(tmp_path):
    (tmp_path / "a" / "bin").mkdir(parents=True)
    (tmp_path / "a" / "bin" / "in").symlink_to("../lib")
    (tmp_path / "a" / "bin" / "out").symlink_to("../../b/program")
    (tmp_path / "a" / "bin" / "etc").symlink_to("/etc")
    (tmp_path / "a" / "circle").symlink_to("circle")
    usage = weigh([str(tmp_path / "a")])
    assert usage.outward == {"/etc", str(tmp_path / "b" / "program")}
    assert usage.files == 6


PATHS = st.text(st.characters(codec=None, exclude_characters="\0"), min_size=1)
MOVES = st.builds(
    Move,
    source=PATHS,
    target=PATHS,
    device=st.integers(0, 2**64),
    inode=st.integers(0, 2**64),
    kind=st.text(),
    size=st.integers(0, 2**64),
    registries=st.tuples(PATHS),
)


@given(st.tuples(MOVES, MOVES))
def test_a_journal_is_read_as_it_was_written(moves):
    journal = Journal("20260101-000000-abcd", KEPT, 1.5, 2.5, moves)
    text = form.written(journal)
    assert text.isascii()
    assert form.read(text) == journal


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(str))
def test_what_is_no_journal_is_told(text):
    with pytest.raises(ReadError):
        form.read(text)


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"schema": "conda-preflight/trash/1"}', "1", "null", "[" * 100_000]
)
def test_what_looks_like_a_journal_is_told(text):
    with pytest.raises(ReadError):
        form.read(text)


def test_deletion_counts_what_became_free(tmp_path):
    kept = file(tmp_path / "kept")
    file(tmp_path / "gone" / "alone", 50_000)
    os.link(kept, tmp_path / "gone" / "shared")
    (tmp_path / "gone" / "link").symlink_to(tmp_path)
    freed = sum(blocks(tmp_path / "gone" / name) for name in (".", "alone", "link"))
    deleted = delete(str(tmp_path / "gone"))
    assert deleted.left == ()
    assert deleted.freed == freed
    assert kept.exists()
    assert delete(str(tmp_path / "gone")).freed == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_what_is_mounted_inside_stays(tmp_path):
    inside = tmp_path / "gone" / "mounted"
    inside.mkdir(parents=True)
    if subprocess.run(["mount", "-t", "tmpfs", "none", inside], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        file(inside / "precious")
        deleted = delete(str(tmp_path / "gone"))
        assert (inside / "precious").exists()
        assert any("on another file system" in each for each in deleted.left)
    finally:
        subprocess.run(["umount", "--lazy", inside], check=True)


def move_of(source, device=None):
    found = source.lstat()
    target = source.parent / TRASH / "run" / source.name
    return Move(str(source), str(target), device or found.st_dev, found.st_ino)


def test_what_took_the_place_is_not_moved(tmp_path):
    (tmp_path / "env").mkdir()
    move = move_of(tmp_path / "env")
    (tmp_path / "env").rename(tmp_path / "other")
    (tmp_path / "env").mkdir()
    with pytest.raises(MoveError, match="something else has taken its place"):
        away(move)
    assert not (tmp_path / TRASH).exists()


def test_a_link_in_the_place_of_the_trash_leads_nowhere(tmp_path):
    (tmp_path / "env").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / TRASH).symlink_to(tmp_path / "outside")
    with pytest.raises(MoveError, match="stays"):
        away(move_of(tmp_path / "env"))
    assert (tmp_path / "env").is_dir()
    assert list((tmp_path / "outside").iterdir()) == []


def process(proc, words, environ=(), maps=""):
    (proc / "self").mkdir()
    folder = proc / "7"
    (folder / "fd").mkdir(parents=True)
    (folder / "cmdline").write_bytes("\0".join([*words, ""]).encode())
    (folder / "environ").write_bytes("\0".join(environ).encode())
    (folder / "maps").write_text(maps)
    (folder / "comm").write_text(f"{words[0]}\n")
    (folder / "exe").symlink_to("/usr/bin/true")
    (folder / "cwd").symlink_to("/")
    return folder


def test_what_processes_use(tmp_path):
    maps = (
        "7f00-7f01 r-xp 00000000 fe:00 12   /envs/a/lib/libx.so.1\n"
        "7f02-7f03 r-xp 00000000 fe:00 13   /envs/gone/lib/my lib.so (deleted)\n"
        "7f04-7f05 rw-p 00000000 00:00 0 \n7f06-7f07 rw-p 00000000 00:00 0   [heap]\n"
    )
    one = process(tmp_path, ["python"], ["CONDA_PREFIX=/envs/b", "HOME=/home/me"], maps)
    (one / "fd" / "3").symlink_to("/envs/c/log")
    (one / "fd" / "4").symlink_to("socket:[1]")
    (tmp_path / "8").mkdir()
    found = running(str(tmp_path))
    using = Using(found)
    assert found.hidden == 0
    assert using.of("/envs/a") == "process 7 (python) uses it"
    assert using.of("/envs") == "process 7 (python) uses it"
    assert all(using.of(f"/envs/{name}") for name in ("b", "c", "gone"))
    assert using.of("/envs/a/lib/libx") == using.of("/env") == using.of("/envs/aa") == ""
    assert using.installer is None


def test_without_proc_nothing_is_freed(tmp_path):
    with pytest.raises(PreflightError, match="not known here"):
        running(str(tmp_path))


@pytest.mark.parametrize(
    ("words", "installs"),
    [
        (["/opt/conda/bin/python", "/opt/conda/bin/conda", "install", "numpy"], True),
        (["/usr/bin/micromamba", "create", "-n", "a"], True),
        (["python", "-m", "pip", "install", "x"], True),
        (["uv", "sync"], True),
        (["conda", "run", "-n", "a", "python"], False),
        (["python", "/opt/conda/bin/conda", "preflight", "clean", "env", "a"], False),
        (["vim", "install"], False),
        ([""], False),
    ],
)
def test_package_managers_at_work(tmp_path, words, installs):
    process(tmp_path, words, ["HOME=/home/me"])
    found = running(str(tmp_path))
    assert (Using(found, "/home/me").installer is not None) == installs
    assert Using(found, "/home/other").installer is None


def test_access_times_count_where_they_are_kept(tmp_path):
    table = tmp_path / "mountinfo"
    table.write_text(
        "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "2 1 8:2 / /data rw,noatime - xfs /dev/sdb rw\n"
        "3 1 0:50 / /home rw,relatime - nfs4 server:/home rw\n"
        "4 1 0:60 / /pool rw - btrfs /dev/sdc rw\nbroken line\n"
    )
    mounts = Mounts(str(table))
    assert mounts.of("/a", os.makedev(8, 1)).keeps_access
    assert not mounts.of("/data/a", os.makedev(8, 2)).keeps_access
    assert mounts.of("/data/a", os.makedev(8, 2)).can_share
    assert not mounts.of("/home/a", os.makedev(0, 50)).keeps_access
    assert mounts.of("/pool/subvolume/a", os.makedev(0, 61)).can_share
    assert mounts.of("/else/a", os.makedev(0, 99)).kind == "ext4"
    assert not Mounts(str(tmp_path / "none")).of("/a", 1).keeps_access


def test_what_nobody_knows_is_never_stale():
    old = Usage(accessed=1.0)
    assert last_use(Environment("a", history=2.0, true_access=True), old).when == 2.0
    assert "no access times" in last_use(Environment("a", history=2.0), old).why_unknown
    assert last_use(Environment("a", true_access=True), Usage()).why_unknown
    assert "cannot be read" in last_use(Environment("a"), Usage(accessed=1, closed=1)).why_unknown


def test_known_names():
    assert is_dist("numpy-1.26.4-py311h64a7726_0")
    assert not is_dist("my-notes")
    assert not is_dist("a-1-0/../../etc")
    assert is_archive("numpy-1.26.4-py311h64a7726_0.conda")
    assert is_archive("numpy-1.26.4-py311_0.tar.bz2.part")
    assert not is_archive("backup.tar.bz2")
    assert not is_archive("2024-01-31-thesis.zip")
    assert is_index("497deca9.json")
    assert is_index("repodata_shards.db")
    assert not is_index("thesis.tex")
    assert not is_index("mine.db")
    assert is_downloads("uv", "archive-v0")
    assert not is_downloads("uv", "archive-v0-mine")
    assert not is_downloads("pip", "photos")
    assert not is_downloads("conda-preflight", "advisories.sqlite3")


@pytest.mark.parametrize("text", ["", "90", "soon", "-1 days", "1e9 days", "90 dayss", "٩ days"])
def test_no_span_of_time(text):
    with pytest.raises(UsageError):
        seconds(text)


def test_spans_of_time():
    assert seconds("90 days") == 90 * 86_400
    assert (seconds("12 h"), seconds("2weeks"), seconds("0 d")) == (43_200, 1_209_600, 0)
    assert (said(0), said(7_300), said(86_400)) == ("less than an hour", "2 hours", "1 day")


@pytest.mark.parametrize(
    "table", [1, {"stale-after": 90}, {"keep": 1}, {"unknown": 1}, {"undo-for": "soon"}]
)
def test_wrong_settings_are_told(table):
    with pytest.raises(PreflightError):
        read_housekeeping(table)


def test_settings_may_be_written_with_underscores():
    read = read_housekeeping({"stale_after": "1 day", "undo-for": "2 days", "keep": "a*"})
    assert (read.stale_after, read.undo_for, read.keep) == ("1 day", "2 days", ("a*",))


def test_weighing_does_not_use_an_environment(tmp_path):
    program = file(tmp_path / "bin" / "python")
    long_ago = time.time() - 1e7
    os.utime(program, (long_ago, long_ago))
    assert weigh([str(tmp_path)]).accessed == pytest.approx(long_ago)
    assert program.stat().st_atime == pytest.approx(long_ago)
