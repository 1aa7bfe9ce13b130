"""What changes nothing is not told: zero findings, also on prefixes of other content."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.mutations.real_prefix import SITE, findings, install, make

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the prefix is made on Linux")


@pytest.fixture(scope="module")
def made(real_channel, tmp_path_factory):
    return make(real_channel, tmp_path_factory.mktemp("harmless"))


@pytest.fixture
def environment(made):
    made.restore()
    return made


def records(environment, edit):
    for file in (environment.prefix / "conda-meta").glob("*.json"):
        record = json.loads(file.read_text())
        edit(record)
        file.write_text(json.dumps(record, indent=2, sort_keys=True))


def hard_links_are_broken(environment):
    for file in (environment.prefix / SITE / "requests").glob("*.py"):
        copy = file.with_name("copy")
        shutil.copy2(file, copy)
        copy.replace(file)


def files_are_hard_links(environment):
    for file in (environment.prefix / SITE / "requests").glob("*.py"):
        os.link(file, environment.home / file.name)


def times_are_others(environment):
    for file in environment.prefix.rglob("*"):
        if not file.is_symlink():
            os.utime(file, (1_000_000_000, 1_000_000_000))


def code_is_compiled(environment):
    python = environment.prefix / "bin" / "python"
    subprocess.run([python, "-m", "compileall", "-q", environment.prefix / "lib"], check=False)


def code_is_compiled_by_hash(environment):
    command = [environment.prefix / "bin" / "python", "-m", "compileall", "-q"]
    mode = ["--invalidation-mode", "unchecked-hash", environment.prefix / SITE / "requests"]
    subprocess.run([*command, *mode], check=True)


def code_is_compiled_and_optimized(environment):
    command = [
        environment.prefix / "bin" / "python",
        "-m",
        "compileall",
        "-q",
        "-o",
        "1",
        "-o",
        "2",
    ]
    subprocess.run([*command, environment.prefix / SITE / "requests"], check=True)


def compiled_code_is_older_than_its_source(environment):
    code_is_compiled(environment)
    times_are_others(environment)


def everything_is_read_only(environment):
    subprocess.run(["chmod", "-R", "a-w", environment.prefix], check=True)


def everything_is_for_the_group(environment):
    subprocess.run(["chmod", "-R", "g+w", environment.prefix], check=True)


def environment_is_frozen(environment):
    (environment.prefix / "conda-meta" / "frozen").write_text("{}")
    library = environment.prefix / Path(SITE).parent
    (library / "EXTERNALLY-MANAGED").write_text("[externally-managed]\nError=no\n")


def records_are_as_conda_writes_them(environment):
    """Sorted, with a link, its cache and no spec; each file with ``sha256_in_prefix``."""

    def edit(record):
        record["link"] = {"source": "/opt/conda/pkgs/x", "type": 1}
        record["requested_spec"] = "None"
        record.pop("requested_specs", None)
        for path in record["paths_data"]["paths"]:
            if "sha256" in path and path["path_type"] == "hardlink":
                path.setdefault("sha256_in_prefix", path["sha256"])
            if path["path_type"] == "unix_python_entry_point":
                path.pop("sha256", None)
                path.pop("sha256_in_prefix", None)
                path.pop("size_in_bytes", None)

    records(environment, edit)


def records_tell_no_digest_after_the_prefix(environment):
    def edit(record):
        for path in record["paths_data"]["paths"]:
            path.pop("sha256_in_prefix", None)

    records(environment, edit)


def records_are_as_old_conda_wrote_them(environment):
    records(environment, lambda record: record.pop("paths_data"))


def tools_kept_their_state(environment):
    meta = environment.prefix / "conda-meta"
    (meta / "state").write_text('{"env_vars": {"A": "1"}}')
    (meta / "pinned").write_text("python 3.11.*\n")
    (environment.prefix / ".condarc").write_text("channels: []\n")


def folders_are_empty(environment):
    (environment.prefix / "share" / "empty" / "folder").mkdir(parents=True)
    shutil.rmtree(environment.home, ignore_errors=True)
    environment.home.mkdir()


def files_are_read(environment):
    for file in environment.prefix.rglob("*.py"):
        file.read_bytes()


def extended_attributes_are_set(environment):
    os.setxattr(environment.prefix / SITE / "requests" / "api.py", "user.note", b"x")


def history_tells_of_all_packages(environment):
    names = [f.name.rsplit("-", 2)[0] for f in environment.prefix.glob("conda-meta/*.json")]
    (environment.prefix / "conda-meta" / "history").write_text(f"# update specs: {names}\n")


def links_are_absolute(environment):
    link = environment.prefix / "bin" / "python3"
    target = link.readlink()
    link.unlink()
    link.symlink_to(environment.prefix / "bin" / target)


def links_are_copies(environment):
    link = environment.prefix / "bin" / "python3"
    target = link.resolve()
    link.unlink()
    shutil.copy2(target, link)


HARMLESS = [
    hard_links_are_broken,
    files_are_hard_links,
    times_are_others,
    code_is_compiled,
    code_is_compiled_by_hash,
    code_is_compiled_and_optimized,
    compiled_code_is_older_than_its_source,
    everything_is_read_only,
    everything_is_for_the_group,
    environment_is_frozen,
    records_are_as_conda_writes_them,
    records_tell_no_digest_after_the_prefix,
    records_are_as_old_conda_wrote_them,
    tools_kept_their_state,
    folders_are_empty,
    files_are_read,
    extended_attributes_are_set,
    history_tells_of_all_packages,
    links_are_absolute,
    links_are_copies,
]


@pytest.mark.parametrize("change", HARMLESS, ids=lambda change: change.__name__)
def test_harmless(change, environment):
    change(environment)
    assert findings(environment) == set()
    assert findings(environment) == set()  # from the cache


CONTENTS = [
    ["python"],
    ["python", "pip"],
    ["python", "numpy"],
    ["python", "requests"],
    ["python", "idna"],
    ["python", "certifi"],
    ["python", "urllib3"],
    ["python", "charset-normalizer"],
    ["python", "numpy", "pip"],
    ["python", "numpy", "requests", "pip"],
    ["tzdata"],
    ["openssl"],
    ["ncurses", "readline"],
    ["libsqlite"],
    ["bzip2", "libffi", "libzlib"],
    ["python", "pip", "urllib3", "idna"],
    ["python", "certifi", "idna", "charset-normalizer"],
    ["python", "numpy", "idna"],
    ["python", "pip", "certifi"],
    ["python", "numpy", "requests"],
]


def test_there_are_enough_contents():
    assert len({tuple(specs) for specs in CONTENTS}) >= 20


@pytest.mark.parametrize("specs", CONTENTS, ids="+".join)
def test_untouched(specs, real_channel, made, tmp_path, monkeypatch):
    install(real_channel, specs, tmp_path / "env", tmp_path / "cache")
    monkeypatch.setattr(made, "prefix", tmp_path / "env")
    monkeypatch.setattr(made, "project", tmp_path / "env")
    assert findings(made) == set()
