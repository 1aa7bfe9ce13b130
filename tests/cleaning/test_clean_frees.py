"""On a home with three installations: what became free is what the file system says, no more."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from clean_machine import aged, cached_package, install

from conda_preflight.documents.accounts import DIGESTS
from conda_preflight.readers import inventory
from conda_preflight.verification import verify

WORKS = "import ssl, sqlite3, lzma, readline, sys; print(sys.prefix)"


@pytest.fixture
def quiet_disk(tmp_path):
    """A file system that nobody else writes to."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "none", folder], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def used(folder):
    """The bytes in use as df has them."""
    found = os.statvfs(folder)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def faults(prefix):
    """What is not as its records say, with every digest compared."""
    accounts = verify(prefix, prefix.name, inventory.read, level=DIGESTS)
    assert accounts.compared > 500
    return sorted((each.fault, each.path) for each in accounts.deviations)


def runs(prefix):
    done = subprocess.run(
        [prefix / "bin" / "python", "-c", WORKS], env={}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip() == str(prefix)


def furnish(home, channel):
    """Three installations with caches of hard links; the environments that are to stay."""
    root, mamba, work = home.root, home.mamba, home.project
    rattler = home.home / ".cache" / "rattler" / "cache" / "pkgs"
    base = install(channel, root, root / "pkgs")
    fresh = install(channel, root / "envs" / "chat_infer_dev", root / "pkgs")
    shutil.rmtree(mamba, ignore_errors=True)
    busy = install(channel, mamba / "envs" / "busy_eval_dev", mamba / "pkgs")
    prod = install(channel, work / ".pixi" / "envs" / "prod", rattler)
    stale = [
        install(channel, root / "envs" / "old_train_dev", root / "pkgs"),
        install(channel, home.home / "lone" / "old", home.home / ".conda" / "pkgs"),
    ]
    for prefix in (busy, prod, *stale):
        (prefix / "lib" / "broken").symlink_to("/nowhere/at/all")
    for name in ("one", "two", "three"):
        cached_package(root / "pkgs", name, 3_000_000)
    downloads = home.home / ".cache" / "pip" / "http-v2" / "a"
    downloads.mkdir(parents=True)
    for number in range(300):
        (downloads / str(number)).write_bytes(os.urandom(5_000))
    home.registry.parent.mkdir(exist_ok=True)
    home.registry.write_text("".join(f"{prefix}\n" for prefix in (fresh, *stale)))
    return [base, fresh, busy, prod], stale


STEPS = (("--projects", "work", "--yes"), ("--empty-trash", "--yes"), ("--yes",))
"""Packages of an environment are shared with it until the trash is empty."""


def freed_by(home, disk):
    """For each step what the program says became free, and what the file system says."""
    for arguments in STEPS:
        df = used(disk)
        yield home.told(*arguments)["freed"], df - used(disk)


@pytest.mark.slow
def test_what_became_free_is_what_df_says_and_the_rest_runs(
    at_home, quiet_disk, python_channel, capsys
):
    home = at_home(quiet_disk / "home")
    stay, stale = furnish(home, python_channel)
    before = {prefix: faults(prefix) for prefix in stay}
    busy = subprocess.Popen(
        [stay[2] / "bin" / "python", "-c", "print(1, flush=True); import time; time.sleep(60)"],
        env={},
        stdout=subprocess.PIPE,
    )
    try:
        busy.stdout.readline()
        for prefix in (*stay[2:], *stale):
            aged(prefix)
        promised, in_all = home.told("--projects", "work")["together"]["frees"], used(quiet_disk)
        steps = list(freed_by(home, quiet_disk))
        gone = in_all - used(quiet_disk)
    finally:
        busy.kill()
        busy.communicate()
    freed = sum(step for step, _ in steps)
    with capsys.disabled():
        print(f"\nfreed {freed:,} of {in_all:,} bytes, by df {gone:,}; steps {steps}")  # noqa: T201
    assert gone > 30_000_000
    assert abs(freed - gone) < gone / 100
    assert abs(promised - steps[0][1]) < steps[0][1] / 100
    assert not [prefix for prefix in stale if prefix.exists()]
    assert {prefix: faults(prefix) for prefix in stay} == before
    assert all(map(runs, stay))
    assert home.registry.read_text() == f"{stay[1]}\n"
