"""``clean`` killed at any of its steps: nothing is lost, and the next run finishes."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest
from clean_machine import aged, cached_package, empty_environment

from conda_preflight.cleaning.names import TRASH

KILLED = """
import os, signal, sys
last, seen = int(sys.argv[1]), 0
CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod")
LOOKS = ("open", "os.scandir")  # of the home alone: what else is opened is not always the same

def step(event, arguments):
    global seen
    is_inside = event in LOOKS and str(arguments[0]).startswith(os.environ["HOME"])
    if armed and (is_inside or event in CHANGES):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

from conda_preflight.cli import run
import conda_preflight.cli.clean, conda_preflight.actions.clean_apply
armed = True
sys.addaudithook(step)
code = run(sys.argv[2:])
armed = False
print(seen)
sys.exit(code)
"""
"""The program, which kills itself before a step of that number; else it tells how many it took."""


def killed(machine, step, *arguments):
    """Whether the program was killed before that step, and how many steps it took if not."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(step), "clean", *arguments],
        env=machine.environ,
        cwd=machine.home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == -9, int(done.stdout.rpartition("\n")[0].rpartition("\n")[2] or 0)


def whole(folder):
    """Each file below a folder with its kind, number, rights and bytes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        seen = path.lstat()
        body = path.readlink() if path.is_symlink() else path.is_file() and path.read_bytes()
        found[path.relative_to(folder)] = (seen.st_mode, seen.st_ino, body)
    return found


class Before:
    """A home with packages and stale environments, and what they were."""

    def __init__(self, machine):
        self.machine, pkgs = machine, machine.root / "pkgs"
        self.packages = {p: whole(p) for p in (cached_package(pkgs, n, 20_000) for n in "abc")}
        envs = machine.root / "envs"
        prefixes = [empty_environment(envs / name, "x", "y") for name in ("one", "two")]
        for prefix in prefixes:
            (prefix / "bin" / "gone").symlink_to("/nowhere")
        self.environments = {prefix: whole(prefix) for prefix in prefixes}
        for prefix in prefixes:
            aged(prefix)  # looking at them has made them used
        machine.registry.write_text("".join(f"{prefix}\n" for prefix in prefixes))
        self.registry = sorted(machine.registry.read_text().splitlines())

    def check_nothing_is_half(self):
        """Packages are whole or gone; environments whole, here or in the trash."""
        for package, was in self.packages.items():
            assert not package.exists() or whole(package) == was
        for prefix, was in self.environments.items():
            places = [prefix, *prefix.parent.glob(f"{TRASH}/*/{prefix.name}")]
            there = [place for place in places if place.is_dir()]
            assert len(there) == 1
            assert whole(there[0]) == was
            aged(there[0])

    def check_undone(self):
        """Everything about the environments is as it was."""
        assert {prefix: whole(prefix) for prefix in self.environments} == self.environments
        assert sorted(self.machine.registry.read_text().splitlines()) == self.registry
        assert not list(self.machine.home.rglob(TRASH))


@pytest.fixture
def before(at_home, tmp_path):
    """Makes a new such home each time."""

    def make(number):
        home = at_home(tmp_path / f"home{number}")
        empty_environment(home.root)
        for folder in (home.root / "pkgs", home.root / "envs", home.registry.parent):
            folder.mkdir()
        return Before(home)

    return make


RUNS = (("--yes",), ("--undo",), ("env", "one", "two", "--yes"), ("--empty-trash", "--yes"))


def some_steps(machine, count):
    """For each run, numbers of steps spread over all that it takes; the same each time."""
    chosen = []
    for arguments in RUNS:
        _, total = killed(machine, 0, *arguments)
        assert total > 10
        chosen.append(random.Random(count).choices(range(1, total + 1), k=count))  # noqa: S311
    return zip(*chosen, strict=True)


def try_at(before, count):
    """Kill each run at so many of its steps; how often it was killed."""
    kills = 0
    for number, steps in enumerate(some_steps(before(0).machine, count), 1):
        one = before(number)
        kills += killed(one.machine, steps[0], *RUNS[0])[0]
        one.check_nothing_is_half()
        assert one.machine.run("--yes")[0] == 0
        assert not any(package.exists() for package in one.packages)
        assert not any(prefix.exists() for prefix in one.environments)
        assert one.machine.registry.read_text() == ""
        kills += killed(one.machine, steps[1], *RUNS[1])[0]
        one.check_nothing_is_half()
        while one.machine.run("--undo")[0] == 0:
            pass
        one.check_undone()
        kills += killed(one.machine, steps[2], *RUNS[2])[0]
        one.check_nothing_is_half()
        one.machine.run("--yes")
        kills += killed(one.machine, steps[3], *RUNS[3])[0]
        assert one.machine.run("--empty-trash", "--yes")[0] == 0
        assert not list(one.machine.home.rglob(TRASH))
        assert json.loads(one.machine.run("--empty-trash", "--format", "json")[1])["trash"] == []
    return kills


def test_killed_at_a_few_steps(before):
    assert try_at(before, 3) >= 10  # a run may take a step less than the one that was counted


@pytest.mark.slow
def test_killed_at_many_steps(before):
    assert try_at(before, 50) >= 190


def test_two_at_once_do_not_meet(before):
    one = before(0).machine
    lock = one.home / ".local" / "state" / "conda-preflight" / "trash"
    lock.mkdir(parents=True)
    holder = "import fcntl, sys, time; f = open(sys.argv[1], 'a'); fcntl.flock(f, 2); print(1)"
    process = subprocess.Popen(
        [sys.executable, "-c", holder + "; sys.stdout.flush(); time.sleep(60)", lock / ".lock"],
        stdout=subprocess.PIPE,
    )
    try:
        process.stdout.readline()
        code, _, err = one.run("--yes")
    finally:
        process.kill()
        process.communicate()
    assert code == 2
    assert "Another process is cleaning" in err
    assert (one.root / "envs" / "one").is_dir()
