"""``conda-preflight clean`` on a home with caches, as a person meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from clean_machine import aged, cached_package, empty_environment

from conda_preflight.cleaning.names import TRASH


def tree(folder):
    """Everything below a folder: kinds, rights, inodes and contents."""
    found = {}
    for path in sorted(folder.rglob("*")):
        seen = path.lstat()
        body = path.readlink() if path.is_symlink() else path.is_file() and path.read_bytes()
        found[path.relative_to(folder)] = (seen.st_mode, seen.st_ino, body)
    return found


def test_an_empty_home_has_nothing_to_free(machine):
    code, out, err = machine.run()
    assert (code, err) == (0, "")
    assert "There is nothing to free." in out


def test_nothing_is_changed_without_yes(machine):
    cached_package(machine.root / "pkgs", "left")
    aged(empty_environment(machine.root / "envs" / "old"))
    before = tree(machine.home)
    code, out, _ = machine.run()
    assert code == 0
    assert "Nothing has been changed: do it with --yes." in out
    assert tree(machine.home) == before


def test_a_package_that_an_environment_shares_is_told_and_stays(machine):
    package = cached_package(machine.root / "pkgs", "shared")
    new = empty_environment(machine.root / "envs" / "new")
    (new / "lib").mkdir()
    os.link(package / "lib" / "libshared.so", new / "lib" / "libshared.so")
    things = {each["path"]: each for each in machine.told()["things"]}
    told = things[str(package)]
    assert told["action"] == "keep"
    assert told["size"] > 200_000 > told["frees"]
    assert machine.run("--yes")[0] == 0
    assert (package / "lib" / "libshared.so").exists()
    assert not (machine.root / "pkgs" / "shared-1.0-0.conda").exists()
    assert machine.run("--yes", "--linked")[0] == 0
    assert not package.exists()
    assert (new / "lib" / "libshared.so").stat().st_size == 200_000


def test_what_is_not_known_stays(machine):
    pkgs = machine.root / "pkgs"
    (pkgs / "urls.txt").write_text("https://conda.example.org/a-1-0.conda\n")
    (pkgs / "my notes.txt").write_text("mine")
    (pkgs / "half-1.0-0").mkdir()
    (pkgs / "evil-1.0-0").symlink_to("/etc")
    (pkgs / "cache").mkdir()
    (pkgs / "cache" / "0123abcd.json").write_text("{}")
    (pkgs / "cache" / "thesis.tex").write_text("mine")
    pip = machine.home / ".cache" / "pip"
    (pip / "http-v2").mkdir(parents=True)
    (pip / "photos").mkdir()
    assert machine.run("--yes")[0] == 0
    names = {"urls.txt", "my notes.txt", "half-1.0-0", "evil-1.0-0", "cache"}
    assert {each.name for each in pkgs.iterdir()} == names
    assert [each.name for each in (pkgs / "cache").iterdir()] == ["thesis.tex"]
    assert [each.name for each in pip.iterdir()] == ["photos"]


def test_links_in_caches_are_never_followed(machine):
    outside = machine.home / "outside"
    outside.mkdir()
    (outside / "thesis.tex").write_text("mine")
    package = cached_package(machine.root / "pkgs", "linky")
    (package / "out").symlink_to(outside)
    (package / "gone").symlink_to("/nowhere/at/all")
    assert machine.run("--yes")[0] == 0
    assert not package.exists()
    assert (outside / "thesis.tex").read_text() == "mine"


def test_read_only_packages_and_deep_folders_go_too(machine):
    package = cached_package(machine.root / "pkgs", "hard")
    deep = package / "d"
    for _ in range(300):
        deep.mkdir()
        deep /= "d"
    for folder in (package / "lib", package):
        folder.chmod(0o555)
    code, _, err = machine.run("--yes")
    assert (code, err) == (0, "")
    assert list((machine.root / "pkgs").iterdir()) == []


def test_hostile_names_cannot_act_on_a_terminal(machine):
    name = "x-\x1b[2J\u202e-0"
    package = cached_package(machine.root / "pkgs", "x")
    package.rename(machine.root / "pkgs" / name)
    bad = aged(empty_environment(machine.root / "envs" / "a\nb\x1b[31m"))
    bad = bad.rename(f"{bad}\udcff")
    code, out, _ = machine.run("-v")
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out
    machine.told()
    assert machine.run("--yes")[0] == 0
    assert machine.run("--undo")[0] == 0
    assert bad.is_dir()


@pytest.mark.parametrize(
    ("name", "why"),
    [("chat_infer_prod", "production"), ("kept_train_dev", "`keep`"), ("frozen_x", "frozen")],
)
def test_some_environments_never_go_unasked(machine, name, why):
    prefix = aged(empty_environment(machine.root / "envs" / name))
    (prefix / "conda-meta" / "frozen").touch() if name == "frozen_x" else None
    (machine.home / "preflight.toml").write_text('[housekeeping]\nkeep = ["kept_*"]\n')
    action, reason = machine.things()[f"miniconda3/envs/{name}"]
    assert action == "keep"
    assert why in reason
    assert machine.run("--yes")[0] == 0
    assert prefix.is_dir()
    named = machine.run("env", name, "--yes")
    assert named[0] == (1 if name == "kept_train_dev" else 0)
    assert prefix.is_dir() == (name == "kept_train_dev")


def test_stale_is_what_was_not_used_for_so_long(machine):
    old = aged(empty_environment(machine.root / "envs" / "old"))
    empty_environment(machine.root / "envs" / "new")
    things = machine.things()
    assert things["miniconda3/envs/new"][0] == "keep"
    assert things["miniconda3/envs/old"][0] == "trash"
    assert "last used 200 days ago" in things["miniconda3/envs/old"][1]
    assert machine.things("--stale-after", "52 weeks")["miniconda3/envs/old"][0] == "keep"
    (machine.home / "preflight.toml").write_text('[housekeeping]\nstale_after = "300 days"\n')
    assert machine.things()["miniconda3/envs/old"][0] == "keep"
    assert old.is_dir()


def test_a_compiled_file_tells_of_use(machine):
    old = aged(empty_environment(machine.root / "envs" / "old"))
    (old / "lib").mkdir()
    (old / "lib" / "a.pyc").write_bytes(b"x")
    assert machine.things()["miniconda3/envs/old"][0] == "keep"


def test_the_trash_gives_back_exactly_what_was_there(machine):
    first, second = (
        aged(empty_environment(machine.root / "envs" / name)) for name in ("one", "two")
    )
    (first / "bin").chmod(0o555)
    first.chmod(0o555)
    machine.registry.write_text(f"/gone/env\n{first}\n{second}\n")
    before = {path: tree(path) for path in (first, second)}
    code, out, _ = machine.run("env", "one", "two", "--yes")
    assert code == 0
    assert "2 environments in the trash" in out
    assert machine.registry.read_text() == "/gone/env\n"
    assert not first.exists()
    assert "puts it back" in machine.run()[1]
    assert machine.told("--undo")["restored"] == [str(first), str(second)]
    assert {path: tree(path) for path in (first, second)} == before
    assert first.stat().st_mode & 0o777 == 0o555
    assert machine.registry.read_text() == f"/gone/env\n{first}\n{second}\n"
    assert not list(machine.home.rglob(TRASH))
    first.chmod(0o755)


def test_emptying_the_trash_ends_it(machine):
    old = aged(empty_environment(machine.root / "envs" / "old", size=300_000))
    machine.run("--yes")
    code, out, _ = machine.run("--empty-trash")
    assert code == 0
    assert "It has not been emptied" in out
    assert str(old) in out
    assert (
        json.loads(machine.run("--empty-trash", "--yes", "--format", "json")[1])["freed"] > 300_000
    )
    assert not list(machine.home.rglob(TRASH))
    code, _, err = machine.run("--undo")
    assert code == 2
    assert "nothing in the trash" in err


def test_expired_trash_is_freed_by_the_next_run(machine):
    aged(empty_environment(machine.root / "envs" / "old", size=300_000))
    assert machine.run("--yes", "--undo-for", "0 hours")[0] == 0
    assert json.loads(machine.run("--yes", "--format", "json")[1])["freed"] > 300_000
    assert not list(machine.home.rglob(TRASH))


def test_undo_does_not_touch_what_took_the_place(machine):
    old = aged(empty_environment(machine.root / "envs" / "old"))
    machine.run("--yes")
    empty_environment(old, "another")
    code, _, err = machine.run("--undo")
    assert code == 1
    assert "something else is there now" in err
    assert (old / "bin" / "another").exists()
    assert "conda-preflight-trash" in machine.run()[1]


def test_a_softlinked_package_stays_as_long_as_its_environment_can_come_back(machine):
    package = cached_package(machine.root / "pkgs", "soft")
    old = aged(empty_environment(machine.root / "envs" / "old"))
    (old / "lib").mkdir()
    (old / "lib" / "libsoft.so").symlink_to(package / "lib" / "libsoft.so")
    place = "miniconda3/pkgs/soft-1.0-0"
    assert "links lead there" in machine.things()[place][1]
    machine.run("--yes")
    assert package.is_dir()
    assert "links lead there" in machine.things()[place][1]
    machine.run("--empty-trash", "--yes")
    assert machine.things()[place][0] == "free"


def test_an_environment_that_another_one_links_to_stays(machine):
    lender = aged(empty_environment(machine.root / "envs" / "lender"))
    new = empty_environment(machine.root / "envs" / "borrower")
    (new / "bin" / "lent").symlink_to("../../lender/bin/greet")
    assert machine.things()["miniconda3/envs/lender"][0] == "keep"
    code, _, err = machine.run("env", "lender", "--yes")
    assert code == 1
    assert "borrower needs it" in err
    assert lender.is_dir()


def test_the_program_that_runs_from_it_keeps_it(machine):
    prefix = aged(empty_environment(machine.root / "envs" / "old"))
    process = subprocess.Popen(["/bin/sleep", "60"], cwd=prefix / "bin")
    try:
        action, reason = machine.things()["miniconda3/envs/old"]
        code, _, err = machine.run("env", "old", "--yes")
    finally:
        process.kill()
        process.wait()
    assert action == "keep"
    assert reason == f"process {process.pid} (sleep) uses it"
    assert (code, prefix.is_dir()) == (1, True)
    assert f"process {process.pid}" in err


def test_an_active_environment_stays(machine):
    prefix = aged(empty_environment(machine.root / "envs" / "old"))
    process = subprocess.Popen(
        ["/bin/sleep", "60"], env={**machine.environ, "CONDA_PREFIX": str(prefix)}
    )
    try:
        assert machine.things()["miniconda3/envs/old"][0] == "keep"
    finally:
        process.kill()
        process.wait()


def test_caches_stay_while_something_is_installed_into_them(machine, tmp_path):
    cached_package(machine.root / "pkgs", "left")
    tool = tmp_path / "micromamba"
    tool.write_text(f"#!{sys.executable}\nprint(1, flush=True)\nimport time; time.sleep(60)\n")
    tool.chmod(0o755)
    process = subprocess.Popen(
        [tool, "install", "numpy"], env=machine.environ, stdout=subprocess.PIPE
    )
    try:
        process.stdout.readline()
        action, reason = machine.things()["miniconda3/pkgs/left-1.0-0"]
    finally:
        process.kill()
        process.communicate()
    assert action == "keep"
    assert "is installing" in reason
    assert machine.things()["miniconda3/pkgs/left-1.0-0"][0] == "free"


def test_environments_are_found_wherever_tools_keep_them(machine, tmp_path):
    listed = empty_environment(machine.home / "elsewhere" / "listed")
    machine.registry.write_text(f"{listed}\n{listed}\n/gone\nnot a path\n")
    configured = empty_environment(tmp_path / "more" / "configured")
    (machine.home / ".condarc").write_text(f"envs_dirs: [{tmp_path}/more]\npkgs_dirs: [~/kept]\n")
    cached_package(machine.home / "kept", "far")
    mamba = empty_environment(machine.mamba / "envs" / "quick")
    pixi = empty_environment(machine.project / ".pixi" / "envs" / "default")
    record = {"manifest_path": str(machine.project / "pixi.toml")}
    (pixi / "conda-meta" / "pixi").write_text(json.dumps(record))
    (machine.home / ".pixi").mkdir()
    (machine.home / ".pixi" / "config.toml").write_text(
        f'detached-environments = "{tmp_path}/far"\n'
    )
    detached = empty_environment(tmp_path / "far" / "bot-1234" / "envs" / "gpu")
    (machine.root / "envs" / "again").symlink_to(listed)
    manifest = machine.home / "work" / "chat" / "environment.yml"
    manifest.parent.mkdir()
    manifest.write_text("name: quick\ndependencies: [python=3.11]\n")
    told = machine.told("--projects", machine.home / "work")["things"]
    found = {e["path"]: e for e in told if e["kind"] == "environments"}
    wanted = {str(p) for p in (machine.root, listed, configured, mamba, pixi, detached)}
    assert set(found) == wanted
    assert found[str(pixi)]["environment"]["project"] == str(machine.project)
    assert found[str(mamba)]["environment"]["project"] == str(manifest.parent)
    assert found[str(mamba)]["tool"] == "micromamba"
    assert str(machine.home / "kept" / "far-1.0-0") in {each["path"] for each in told}


def test_another_root_is_looked_at_alone(machine, tmp_path):
    other = tmp_path / "other"
    cached_package(other / "pkgs", "there")
    cached_package(machine.root / "pkgs", "here")
    outside = empty_environment(tmp_path / "outside")
    (other / ".conda").mkdir()
    (other / ".conda" / "environments.txt").write_text(f"{outside}\n")
    paths = {each["path"] for each in machine.told("--root", other)["things"]}
    assert str(other / "pkgs" / "there-1.0-0") in paths
    assert not [path for path in paths if path.startswith((str(machine.home), str(outside)))]


def test_revisions_of_models_go_with_what_only_they_need(machine):
    hub = machine.home / ".cache" / "huggingface" / "hub" / "models--org--tiny"
    old, new = "a" * 40, "b" * 40
    for revision, blobs in ((old, ("weights1", "config")), (new, ("weights2", "config"))):
        (hub / "snapshots" / revision).mkdir(parents=True)
        (hub / "blobs").mkdir(exist_ok=True)
        for blob in blobs:
            (hub / "blobs" / blob).write_bytes(b"x" * 50_000)
            (hub / "snapshots" / revision / blob).symlink_to(f"../../blobs/{blob}")
    (hub / "refs").mkdir()
    (hub / "refs" / "main").write_text(new)
    (hub / "blobs" / "broken.incomplete").write_bytes(b"x")
    assert not [path for path in machine.things() if "huggingface" in path]
    assert machine.run("--huggingface", "--yes")[0] == 0
    assert {each.name for each in (hub / "blobs").iterdir()} == {"weights2", "config"}
    assert [each.name for each in (hub / "snapshots").iterdir()] == [new]


def test_only_one_kind(machine):
    cached_package(machine.root / "pkgs", "left")
    assert machine.run("--only", "archives", "--yes")[0] == 0
    assert [each.name for each in (machine.root / "pkgs").iterdir()] == ["left-1.0-0"]


def test_our_own_cache_keeps_the_database(machine):
    cache = machine.home / ".cache" / "conda-preflight"
    (cache / "archives").mkdir(parents=True)
    (cache / "advisories.sqlite3").write_text("x")
    assert machine.run("--yes")[0] == 0
    assert [each.name for each in cache.iterdir()] == ["advisories.sqlite3"]


def test_names_that_are_none_are_told(machine):
    empty_environment(machine.root / "envs" / "chat")
    empty_environment(machine.mamba / "envs" / "chat")
    (machine.home / "link").symlink_to(machine.root / "envs" / "chat")
    far = empty_environment(machine.home.parent / "far" / "away")
    assert machine.run("env", far, "--yes")[0] == 0
    assert not far.exists()
    for name, said in (
        ("chat", "There are 2 environments chat"),
        ("chap", "Did you mean 'chat'?"),
        ("./link", "is a link to"),
        ("/etc", "is no environment"),
        ("base", None),
    ):
        code, _, err = machine.run("env", name, "--yes")
        assert code == (2 if said else 1)
        assert (said or "root of an installation") in err
    code, _, err = machine.run("--stale-after", "soon")
    assert code == 2
    assert "Write `90 days`" in err
    assert machine.run("--root", "/nowhere")[0] == 2
    assert machine.run("--undo", "x")[0] == 2


def test_damaged_journals_and_settings_are_told(machine):
    folder = machine.home / ".local" / "state" / "conda-preflight" / "trash"
    folder.mkdir(parents=True)
    (folder / "20260101-000000-aaaa.json").write_text("{")
    (machine.home / ".condarc").write_text("envs_dirs: [")
    code, out, _ = machine.run()
    assert code == 0
    assert "is damaged" in out
    assert ".condarc cannot be read" in out.replace("\n", " ")


@pytest.fixture
def open_home(at_home):
    """A home that other users can reach."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        Path(folder).chmod(0o711)
        yield at_home(Path(folder) / "home")


@contextmanager
def another_user():
    """This process as one that may not do everything."""
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def give_away(folder):
    for here, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(Path(here, name), 65534, 65534, follow_symlinks=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_folders_without_the_right_to_write_go_and_come_back(open_home):
    package = cached_package(open_home.root / "pkgs", "hard")
    old = empty_environment(open_home.root / "envs" / "old")
    for folder in (package / "lib", package / "info", package, old / "bin", old):
        folder.chmod(0o555)
    give_away(open_home.home)
    with another_user():
        assert open_home.run("env", "old", "--yes")[::2] == (0, "")
        assert not old.exists()
        assert open_home.run("--undo")[::2] == (0, "")
        assert old.stat().st_mode & 0o777 == 0o555
        assert open_home.run("env", "old", "--yes")[::2] == (0, "")
        assert open_home.run("--yes")[::2] == (0, "")
        assert open_home.run("--empty-trash", "--yes")[::2] == (0, "")
    assert not package.exists()
    assert not list(open_home.home.rglob(TRASH))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_what_belongs_to_somebody_else_stays(open_home):
    mine = cached_package(open_home.root / "pkgs", "mine")
    theirs = cached_package(open_home.root / "pkgs", "theirs")
    closed = cached_package(open_home.mamba / "pkgs", "closed")
    give_away(open_home.home)
    os.chown(theirs, 1, 1)
    closed.parent.chmod(0o555)
    with another_user():
        things = open_home.things()
        code, _, err = open_home.run("--yes")
    assert things["miniconda3/pkgs/theirs-1.0-0"] == ("keep", "it belongs to daemon")
    assert things["micromamba/pkgs/closed-1.0-0"][1].endswith(
        "micromamba/pkgs cannot be written to"
    )
    assert (code, err) == (0, "")
    assert (mine.exists(), theirs.exists(), closed.exists()) == (False, True, True)
