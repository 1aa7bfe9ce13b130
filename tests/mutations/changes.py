"""Single changes to a real prefix, each with the rules that must tell of it, and no others."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.util
import io
import json
import marshal
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

from tests.mutations.real_prefix import FURTHER, OLDER, SITE, Environment, wheel

from conda_preflight.testing.channel import make_wheel
from conda_preflight.testing.channel.interpreter import PYTHON

Change = Callable[[Environment], "dict[str, str] | None"]
CHANGES: dict[str, tuple[Change, frozenset[str]]] = {}
LIBRARY = f"lib/python{PYTHON}"
TAG = f"cpython-{PYTHON.replace('.', '')}"


def change(*rules: str) -> Callable[[Change], Change]:
    def keep(function: Change) -> Change:
        CHANGES[function.__name__] = (function, frozenset(rules))
        return function

    return keep


def rows(made: Environment, record: str, *more: tuple[str, str, str], without: str = "") -> None:
    """Rewrite a RECORD with further rows, and without one."""
    file = made.prefix / SITE / record
    kept = [r for r in csv.reader(io.StringIO(file.read_text())) if r and r[0] != without]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([*kept, *more])
    file.write_text(text.getvalue())


def row(made: Environment, path: str) -> tuple[str, str, str]:
    data = (made.prefix / SITE / path).read_bytes()
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return path, f"sha256={digest}", str(len(data))


def attrs(made: Environment) -> Path:
    return next((made.prefix / SITE).glob("attrs-*.dist-info"))


# Packages


@change("drift/missing-package", "prefix/unmet-dependency", "prefix/orphan-file")
def record_of_a_package_is_deleted(made):
    made.record("idna").unlink()


@change("drift/missing-package", "prefix/unmet-dependency")
def package_is_removed_with_its_files(made):
    file = made.record("idna")
    for path in json.loads(file.read_text())["files"]:
        (made.prefix / path).unlink()
    shutil.rmtree(next((made.prefix / SITE).glob("idna-*.dist-info")))
    file.unlink()


@change("drift/undeclared-package")
def conda_package_is_added(made):
    extra = {"name": "extra", "version": "1.0", "build": "0", "subdir": "noarch", "depends": []}
    (made.prefix / "conda-meta" / "extra-1.0-0.json").write_text(json.dumps(extra))


@change("drift/other-version")
def conda_package_has_another_version(made):
    file = made.edit("tzdata", version="1999a")
    file.rename(file.with_name("tzdata-1999a-h0000000_0.json"))


@change("drift/other-build")
def conda_package_has_another_build(made):
    file = made.edit("bzip2", build="hffffff_1", build_number=1)
    file.rename(file.with_name(file.name.replace("h0000000_0", "hffffff_1")))


@change("drift/other-channel")
def conda_package_comes_from_another_channel(made):
    url = "https://conda.example.org/other"
    file = made.record("bzip2")
    made.edit("bzip2", channel=url, url=f"{url}/linux-64/{file.stem}.conda")


@change("drift/other-digest")
def conda_package_comes_from_another_file(made):
    made.edit("bzip2", md5="0" * 32, sha256="0" * 64)


@change("drift/undeclared-package")
def wheel_is_added_by_pip(made):
    made.install(wheel(FURTHER[0]))


@change("drift/missing-package")
def wheel_is_removed_by_pip(made):
    made.pip("uninstall", "--yes", "attrs")


@change("drift/other-version")
def wheel_has_another_version(made):
    made.install(wheel(OLDER[0]))


@change("drift/other-manager")
def pip_over_conda_in_another_version(made):
    made.install(wheel(OLDER[1]))


@change("drift/other-manager")
def pip_over_conda_in_the_same_version(made):
    version = json.loads(made.record("idna").read_text())["version"]
    same = wheel(f"idna=={version}")
    made.install(same, "--force-reinstall")


@change("drift/other-manager", "prefix/unmet-dependency")
def pip_over_conda_breaks_what_conda_needs(made):
    old = make_wheel(made.home, "idna", "1.0")
    made.install(old)


@change("drift/editable-project", "drift/undeclared-package")
def editable_project(made):
    info = f"{SITE}/mine-0.1.dist-info"
    (made.prefix / info).mkdir()
    (made.home / "mine").mkdir()
    texts = {
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: mine\nVersion: 0.1\n",
        f"{info}/INSTALLER": "pip\n",
        f"{info}/direct_url.json": '{"url": "file:///mine", "dir_info": {"editable": true}}',
        f"{SITE}/__editable__.mine-0.1.pth": f"{made.home}/mine\n",
    }
    for path, text in texts.items():
        (made.prefix / path).write_text(text)
    (made.prefix / info / "RECORD").write_text("mine-0.1.dist-info/RECORD,,\n")
    listed = [row(made, path.removeprefix(f"{SITE}/")) for path in texts]
    rows(made, "mine-0.1.dist-info/RECORD", *listed)


@change("drift/direct-url")
def project_from_an_address(made):
    info = attrs(made)
    url = {"url": "https://github.com/example/attrs.git", "vcs_info": {"vcs": "git"}}
    (info / "direct_url.json").write_text(json.dumps(url))
    rows(made, f"{info.name}/RECORD", row(made, f"{info.name}/direct_url.json"))


def project_in(folder: Path, name: str = "idna") -> None:
    info = folder / f"{name}-9.9.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 9.9\n")


@change("drift/outside-package")
def package_in_the_users_folder(made):
    project_in(made.home / ".local" / SITE)


@change("drift/outside-package")
def package_in_pythonpath(made):
    project_in(made.home / "more", "other")
    return {"PYTHONPATH": f"{made.home}/more"}


@change("drift/outside-package", "prefix/injected-code")
def path_file_leads_outside(made):
    project_in(made.home / "shared", "other")
    (made.prefix / SITE / "shared.pth").write_text(f"{made.home}/shared\n")


@change("drift/outside-package", "prefix/orphan-file")
def system_site_packages_are_included(made):
    project_in(made.home / "python" / SITE, "other")
    text = f"home = {made.home}/python/bin\ninclude-system-site-packages = true\n"
    (made.prefix / "pyvenv.cfg").write_text(text)


@change("drift/requested-by-hand")
def package_is_asked_for_by_hand(made):
    history = made.prefix / "conda-meta" / "history"
    history.write_text("==> 2026-01-01 00:00:00 <==\n# update specs: ['idna']\n")


# Records


@change("drift/outside-package")
def environment_sets_pythonpath(made):
    project_in(made.home / "more", "other")
    variables = {"env_vars": {"PYTHONPATH": f"{made.home}/more"}}
    (made.prefix / "conda-meta" / "state").write_text(json.dumps(variables))


@change("prefix/injected-code")
def variables_are_set_at_activation(made):
    folder = made.prefix / "etc" / "conda" / "env_vars.d"
    folder.mkdir(parents=True)
    (folder / "zz.json").write_text('{"LD_PRELOAD": "/x.so"}')


@change("prefix/wrong-record")
def metadata_of_a_project_is_copied(made):
    text = (attrs(made) / "METADATA").read_text()
    copy = attrs(made).with_name("attrs-99.0.dist-info")
    copy.mkdir()
    (copy / "METADATA").write_text(text)
    (copy / "RECORD").write_text(f"{copy.name}/METADATA,,\n{copy.name}/RECORD,,\n")


@change("prefix/altered-file")
def link_becomes_a_program(made):
    link = made.prefix / "bin" / "python3"
    link.unlink()
    link.write_text("#!/bin/sh\n")
    link.chmod(0o755)


@change("prefix/altered-file")
def row_of_a_wheels_list_is_edited(made):
    info = attrs(made)
    path = "attr/_make.py"
    other = (path, row(made, "attr/_cmp.py")[1], row(made, path)[2])
    rows(made, f"{info.name}/RECORD", other, without=path)


@change("prefix/wrong-record")
def record_is_copied(made):
    file = made.record("tzdata")
    record = json.loads(file.read_text()) | {"files": [], "paths_data": {"paths": []}}
    (file.parent / "tzdata-9999a-h0000000_0.json").write_text(json.dumps(record))


@change("input/unreadable")
def record_is_cut_off(made):
    file = made.record("tzdata")
    file.write_bytes(file.read_bytes()[:-200])


@change("prefix/altered-file", "prefix/records-disagree")
def digest_in_a_record_is_edited(made):
    file = made.record("requests")
    record = json.loads(file.read_text())
    record["paths_data"]["paths"][0]["sha256"] = "0" * 64
    record["paths_data"]["paths"][0].pop("sha256_in_prefix", None)
    file.write_text(json.dumps(record, indent=2))


@change("prefix/records-disagree")
def file_is_changed_with_its_record(made):
    file = made.record("requests")
    record = json.loads(file.read_text())
    entry = next(p for p in record["paths_data"]["paths"] if p["_path"].endswith("api.py"))
    target = made.prefix / entry["_path"]
    target.write_text(target.read_text() + "\nimport os\n")
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    entry |= {"sha256": digest, "size_in_bytes": target.stat().st_size}
    entry.pop("sha256_in_prefix", None)
    file.write_text(json.dumps(record, indent=2))


@change("prefix/orphan-file")
def file_is_taken_out_of_its_record(made):
    file = made.record("requests")
    record = json.loads(file.read_text())
    gone = record["paths_data"]["paths"].pop(0)["_path"]
    record["files"].remove(gone)
    file.write_text(json.dumps(record, indent=2))


@change("prefix/unmet-dependency")
def dependency_excludes_what_is_there(made):
    record = json.loads(made.record("requests").read_text())
    made.edit("requests", depends=[*record["depends"], "urllib3 <1"])


@change("prefix/violated-constraint")
def constraint_excludes_what_is_there(made):
    made.edit("requests", constrains=["urllib3 <1"])


@change("prefix/unverifiable")
def list_of_a_wheel_is_cut_off(made):
    file = attrs(made) / "RECORD"
    file.write_bytes(file.read_bytes()[:-30])


@change("prefix/unverifiable", "prefix/orphan-file")
def list_of_a_wheel_is_gone(made):
    (attrs(made) / "RECORD").unlink()


@change("prefix/unverifiable", "prefix/orphan-file")
def list_of_a_wheel_is_empty(made):
    (attrs(made) / "RECORD").write_bytes(b"")


@change("prefix/altered-file")
def installer_is_edited(made):
    next((made.prefix / SITE).glob("idna-*.dist-info/INSTALLER")).write_text("pip\n")


# Contents


@change("prefix/altered-file")
def module_of_conda_is_edited(made):
    with (made.prefix / SITE / "requests" / "api.py").open("a") as file:
        file.write("import os\n")


@change("prefix/altered-file")
def module_is_edited_in_place_and_its_time_set_back(made):
    file = made.prefix / SITE / "requests" / "api.py"
    before, text = file.stat(), file.read_text()
    file.write_text(text.replace("def get(", "def gat("))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@change("prefix/altered-file")
def module_of_a_wheel_is_edited(made):
    file = made.prefix / SITE / "attr" / "_make.py"
    file.write_text(file.read_text().replace("def ", "def  ", 1))


@change("prefix/altered-file")
def module_is_emptied(made):
    (made.prefix / SITE / "requests" / "models.py").write_bytes(b"")


@change("prefix/altered-file")
def two_files_are_swapped(made):
    folder = made.prefix / SITE / "requests"
    one, other = folder / "api.py", folder / "hooks.py"
    first = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(first)


@change("prefix/altered-file")
def byte_of_a_library_is_flipped(made):
    file = next((made.prefix / "lib").glob("libssl.so*"))
    data = bytearray(file.read_bytes())
    data[-100] ^= 1
    file.write_bytes(data)


@change("prefix/altered-file")
def file_with_the_path_of_the_prefix_is_edited(made):
    file = next((made.prefix / LIBRARY).glob("_sysconfigdata*.py"))
    file.write_text(file.read_text() + "\n# more\n")


@change("prefix/altered-file")
def entry_point_gets_a_line(made):
    file = made.prefix / "bin" / "pip"
    file.write_text(file.read_text().replace("import sys\n", "import sys\nimport os\n"))


@change("prefix/altered-file")
def interpreter_of_a_script_is_another(made):
    file = made.prefix / "bin" / "pip"
    lines = file.read_text().split("\n")
    file.write_text("\n".join(["#!/usr/bin/python3", *lines[1:]]))


@change("prefix/altered-file")
def metadata_is_edited(made):
    with (attrs(made) / "METADATA").open("a") as file:
        file.write("more\n")


@change("prefix/missing-file")
def module_of_conda_is_deleted(made):
    (made.prefix / SITE / "requests" / "api.py").unlink()


@change("prefix/missing-file")
def module_of_a_wheel_is_deleted(made):
    (made.prefix / SITE / "attr" / "_make.py").unlink()


@change("prefix/missing-file")
def folder_is_deleted(made):
    shutil.rmtree(made.prefix / "share" / "zoneinfo")


@change("prefix/missing-file", "prefix/orphan-file")
def file_is_renamed(made):
    folder = made.prefix / SITE / "requests"
    (folder / "api.py").rename(folder / "old_api.py")


@change("prefix/foreign-abi")
def extension_is_renamed_for_another_python(made):
    file = next((made.prefix / SITE / "markupsafe").glob("_speedups.*.so"))
    other = file.with_name("_speedups.cpython-38-x86_64-linux-gnu.so")
    file.rename(other)
    info = next((made.prefix / SITE).glob("[mM]arkup[sS]afe-*.dist-info"))
    listed = row(made, f"markupsafe/{other.name}")
    rows(made, f"{info.name}/RECORD", listed, without=f"markupsafe/{file.name}")


@change("prefix/other-python")
def package_of_another_python(made):
    site = made.prefix / "lib" / "python3.8" / "site-packages"
    shutil.copytree(attrs(made), site / attrs(made).name)
    names = ("RECORD", "METADATA")
    for file in (site / attrs(made).name).rglob("*"):
        if file.is_file() and file.name not in names:
            file.unlink()
    shutil.rmtree(site / attrs(made).name / "licenses", ignore_errors=True)
    info = f"{attrs(made).name}/"
    (site / info / "RECORD").write_text(f"{info}RECORD,,\n{info}METADATA,,\n")


# Kinds, links and rights


@change("prefix/wrong-kind")
def file_becomes_a_link(made):
    file = made.prefix / SITE / "requests" / "api.py"
    file.unlink()
    file.symlink_to("hooks.py")


@change("prefix/wrong-kind")
def file_becomes_a_folder(made):
    file = made.prefix / SITE / "requests" / "api.py"
    file.unlink()
    file.mkdir()


@change("prefix/wrong-kind")
def file_becomes_a_named_pipe(made):
    file = made.prefix / SITE / "requests" / "api.py"
    file.unlink()
    os.mkfifo(file)


@change("prefix/wrong-kind")
def named_pipe_lies_there(made):
    os.mkfifo(made.prefix / "share" / "pipe")


@change("prefix/altered-file")
def link_leads_to_another_file(made):
    link = made.prefix / "bin" / "python3"
    link.unlink()
    link.symlink_to("pip")


@change("prefix/altered-file")
def link_leads_nowhere(made):
    link = made.prefix / "bin" / "python3"
    link.unlink()
    link.symlink_to("python2")


@change("prefix/altered-file")
def link_leads_in_a_circle(made):
    link = made.prefix / "bin" / "python3"
    link.unlink()
    link.symlink_to("python3")


@change("prefix/escaping-link")
def link_leads_out(made):
    link = made.prefix / "bin" / "python3"
    link.unlink()
    link.symlink_to("/usr/bin/env")


@change("prefix/escaping-link")
def new_link_leads_out(made):
    (made.prefix / "share" / "data").symlink_to(made.home)


@change("prefix/escaping-link", "prefix/missing-file")
def folder_becomes_a_link_that_leads_out(made):
    folder = made.prefix / "share" / "zoneinfo"
    shutil.move(folder, made.home / "zoneinfo")
    folder.symlink_to(made.home / "zoneinfo")


@change("prefix/world-writable")
def module_can_be_changed_by_everybody(made):
    (made.prefix / SITE / "requests" / "api.py").chmod(0o666)


@change("prefix/world-writable")
def folder_can_be_changed_by_everybody(made):
    (made.prefix / SITE).chmod(0o777)


@change("prefix/wrong-mode")
def interpreter_cannot_be_started(made):
    (made.prefix / "bin" / f"python{PYTHON}").chmod(0o644)


@change("prefix/wrong-mode")
def script_cannot_be_started(made):
    (made.prefix / "bin" / "pip").chmod(0o644)


@change("prefix/wrong-mode")
def program_runs_as_its_owner(made):
    (made.prefix / "bin" / f"python{PYTHON}").chmod(0o4755)


@change("prefix/wrong-mode")
def file_cannot_be_read(made):
    (made.prefix / SITE / "requests" / "api.py").chmod(0)


# What nobody owns


@change("prefix/injected-code")
def sitecustomize_lies_there(made):
    (made.prefix / SITE / "sitecustomize.py").write_text("import os\n")


@change("prefix/injected-code")
def sitecustomize_lies_beside_the_library(made):
    (made.prefix / LIBRARY / "sitecustomize.py").write_text("import os\n")


@change("prefix/injected-code")
def usercustomize_is_a_package(made):
    folder = made.prefix / SITE / "usercustomize"
    folder.mkdir()
    (folder / "__init__.py").write_text("import os\n")


@change("prefix/injected-code")
def path_file_runs_code(made):
    (made.prefix / SITE / "zz.pth").write_text("import os\n")


@change("prefix/injected-code")
def script_runs_at_activation(made):
    folder = made.prefix / "etc" / "conda" / "activate.d"
    folder.mkdir(parents=True)
    (folder / "zz.sh").write_text("export A=1\n")


@change("prefix/injected-code")
def archive_stands_in_for_the_library(made):
    name = f"python{PYTHON.replace('.', '')}.zip"
    (made.prefix / "lib" / name).write_bytes(b"PK\5\6" + bytes(18))


@change("prefix/orphan-file")
def program_lies_in_bin(made):
    file = made.prefix / "bin" / "ls"
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)


@change("prefix/orphan-file")
def library_lies_in_lib(made):
    (made.prefix / "lib" / "libextra.so.1").write_bytes(b"not a library")


@change("prefix/orphan-file")
def module_shadows_a_package(made):
    (made.prefix / LIBRARY / "requests.py").write_text("get = print\n")


@change("prefix/orphan-file")
def package_shadows_a_module(made):
    folder = made.prefix / SITE / "requests" / "api"
    folder.mkdir()
    (folder / "__init__.py").write_text("get = print\n")


@change("prefix/orphan-file")
def module_lies_in_a_package(made):
    (made.prefix / SITE / "requests" / "extra.py").write_text("x = 1\n")


@change("prefix/orphan-file")
def data_lies_there(made):
    folder = made.prefix / "share" / "data"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.bin").write_bytes(b"x")


@change("prefix/orphan-file")
def compiled_module_without_source(made):
    (made.prefix / SITE / "hidden.pyc").write_bytes(b"x" * 20)


# Compiled code


def compiled(made: Environment, name: str, code: object, flags: int, second: bytes) -> None:
    source = made.prefix / SITE / "requests" / name
    folder = source.parent / "__pycache__"
    folder.mkdir(exist_ok=True)
    header = importlib.util.MAGIC_NUMBER + struct.pack("<I", flags) + second
    (folder / f"{source.stem}.{TAG}.pyc").write_bytes(header + marshal.dumps(code))


def stamp(made: Environment, name: str) -> bytes:
    found = (made.prefix / SITE / "requests" / name).stat()
    return struct.pack("<II", int(found.st_mtime) & 0xFFFFFFFF, found.st_size & 0xFFFFFFFF)


@change("prefix/altered-bytecode")
def compiled_code_is_of_another_source(made):
    compiled(made, "hooks.py", compile("import os", "hooks.py", "exec"), 0, stamp(made, "hooks.py"))


@change("prefix/altered-bytecode")
def compiled_code_is_never_compared_with_its_source(made):
    compiled(made, "hooks.py", compile("import os", "hooks.py", "exec"), 1, bytes(8))


@change("prefix/altered-bytecode")
def compiled_code_is_broken(made):
    compiled(made, "hooks.py", 1, 0, stamp(made, "hooks.py"))
    file = made.prefix / SITE / "requests" / "__pycache__" / f"hooks.{TAG}.pyc"
    file.write_bytes(file.read_bytes()[:16] + b"\xe3\xff\xff\xff\x7f")


# Two owners


@change("prefix/collision", "drift/undeclared-package")
def two_wheels_write_one_file(made):
    for name in ("one", "two"):
        path = make_wheel(made.home, name, "1.0", files={"shared/lib.py": f"{name} = 1".encode()})
        made.install(path)


@change("prefix/collision", "drift/undeclared-package")
def wheel_overwrites_a_file_of_conda(made):
    files = {"requests/api.py": b"get = print\n"}
    made.install(make_wheel(made.home, "x", "1", files=files))
