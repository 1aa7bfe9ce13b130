"""A ledger in a file and one in a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_NAMES = itertools.count(1)


def _programs() -> Path | None:
    """The folder with PostgreSQL's own programs; Debian keeps them off the search path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    usual = shutil.which("initdb")
    first = next(iter([*found, *([Path(usual)] if usual else [])]), None)
    return first.parent if first else None


def _owner() -> str | None:
    """Who runs the server, which refuses root: the package's own user, else whoever we are."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A URL of a server without a database name: on a socket in a folder of its own."""
    pytest.importorskip("psycopg", reason="psycopg, the extra postgres, is not installed")
    programs, owner = _programs(), _owner()
    if programs is None or owner is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    shutil.chown(folder, owner)
    as_owner = {"user": owner} if os.getuid() == 0 else {}
    data = str(folder / "data")

    def run(*words: str) -> None:
        subprocess.run(
            words,
            check=True,
            capture_output=True,
            cwd=folder,
            env={"LC_ALL": "C.UTF-8"},
            **as_owner,
        )

    run(str(programs / "initdb"), "-D", data, "-A", "trust", "-E", "UTF8", "-U", "tester")
    options = f"-k {folder} -c listen_addresses=''"
    log = str(folder / "log")
    run(str(programs / "pg_ctl"), "-D", data, "-l", log, "-w", "-o", options, "start")
    try:
        yield f"postgresql:///{{}}?host={folder}&user=tester"
    finally:
        run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty ledger's URL, once in a file and once on the server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    import psycopg

    address: str = request.getfixturevalue("server")
    name = f"ledger_{next(_NAMES)}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address.format(name)
