"""The checks of loaders, on cases that no manual page shows."""

from __future__ import annotations

import pytest

from conda_preflight.access import engines
from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.project import open_project
from conda_preflight.testing import TODAY
from conda_preflight.testing.elf import make_elf

LOADER = "interpreter /lib64/ld-linux-x86-64.so.2\n"
SITE = "lib/python3.11/site-packages"
PYTHON = {"bin/python3.11": f"{LOADER}rpath $ORIGIN/../lib"}
TAG = "cpython-311-x86_64-linux-gnu.so"
TARGET = '{"schema": "conda-preflight/host/1", "os": "linux", "glibc": "%s"}'


@pytest.fixture
def judge(tmp_path):
    """The findings of one rule on a prefix, as (severity, about, message)."""

    def run(rule, libraries, project=None, target="", root=None):
        prefix = tmp_path / "image" / "env"
        files = {"conda-meta/history": "", **libraries}
        for name, text in files.items():
            file = prefix / name
            file.parent.mkdir(parents=True, exist_ok=True)
            is_elf = isinstance(text, str) and not name.startswith("conda-meta")
            file.write_bytes(make_elf(text) if is_elf else text.encode())
            file.chmod(0o755)
        for name, text in {"environment.yml": "dependencies: [numpy]", **(project or {})}.items():
            (tmp_path / name).write_text(text)
        targets = ()
        if target:
            (tmp_path / "target.json").write_text(TARGET % target)
            targets = (str(tmp_path / "target.json"),)
        chosen = Settings(select=(rule,), targets=targets)
        opened = open_project(tmp_path / "environment.yml", chosen, [prefix])
        if project:
            opened = open_project(tmp_path, chosen, [prefix])
        asked = engines(opened, tmp_path, chosen, system=str(root) if root else None)
        report = audit(opened, chosen, TODAY, engines=asked)
        return [(f.severity.value, f.problem.about, f.problem.message) for f in report.findings]

    return run


MODULE = f"{SITE}/fast.{TAG}"


def test_what_a_described_target_may_have_is_a_warning_and_its_usual_libraries_one_note(judge):
    libraries = {**PYTHON, MODULE: "needed libfoo.so.1 libz.so.1 libGL.so.1 libc.so.6 libcuda.so.1"}
    found = judge("prefix/missing-library", libraries, target="2.28")
    assert [row[:2] for row in found] == [
        ("warning", "libfoo.so.1"),
        ("note", "the system's libraries"),
    ]
    assert "libGL.so.1, libz.so.1" in found[1][2]


def test_a_program_beside_the_commands_is_a_warning(judge):
    libraries = {"libexec/helper": f"{LOADER}needed libnowhere.so.1"}
    assert judge("prefix/missing-library", libraries)[0][0] == "warning"
    libraries = {"bin/tool": f"{LOADER}needed libnowhere.so.1"}
    assert judge("prefix/missing-library", libraries)[0][0] == "error"


def test_one_missing_library_is_told_once(judge):
    modules = {f"{SITE}/m{n}.{TAG}": "needed libnowhere.so.1" for n in range(5)}
    found = judge("prefix/missing-library", {**PYTHON, **modules})
    assert len(found) == 1
    assert "and 3 more" in found[0][2]


@pytest.mark.parametrize("entry", ["_tkinter", "fast"])
def test_parts_that_may_be_missing(judge, entry):
    module = f"lib/python3.11/lib-dynload/{entry}.{TAG}"
    found = judge("prefix/missing-library", {**PYTHON, module: "needed libtk9.9.so"})
    assert len(found) == (entry == "fast")


def test_a_wheel_that_takes_libz_from_an_image_without_it(judge, tmp_path):
    wheel = {
        "bin/python3.11": f"{LOADER}runpath $ORIGIN/../lib",
        "lib/libz.so.1": "soname libz.so.1",
        f"lib/python3.11/lib-dynload/zlib.{TAG}": "needed libz.so.1\nrunpath $ORIGIN/../..",
        f"{SITE}/numpy.libs/libgfortran.so.5": "soname libgfortran.so.5\nneeded libz.so.1",
        f"{SITE}/numpy/_core.{TAG}": "needed libgfortran.so.5\nrpath $ORIGIN/../numpy.libs",
    }
    (tmp_path / "image").mkdir()
    ((severity, about, message),) = judge(
        "prefix/unreachable-library", wheel, root=tmp_path / "image"
    )
    assert (severity, about) == ("error", "libz.so.1")
    assert "lib/libz.so.1" in message
    assert "numpy.libs/libgfortran.so.5" in message
    ((severity, *_),) = judge("prefix/unreachable-library", wheel, target="2.28")
    assert severity == "warning"


def test_what_another_package_would_load_is_a_warning(judge):
    libraries = {
        **PYTHON,
        f"{SITE}/base/libbase.so": "soname libbase.so",
        f"{SITE}/base/_base.{TAG}": "needed libbase.so\nrunpath $ORIGIN",
        f"{SITE}/user/_user.{TAG}": "needed libbase.so",
    }
    ((severity, about, message),) = judge("prefix/unreachable-library", libraries)
    assert (severity, about) == ("warning", "libbase.so")
    assert f"after {SITE}/base/_base.{TAG} was imported" in message


def test_versions_are_those_of_the_library_that_is_picked(judge):
    newer = "soname libstdc++.so.6\ndefines GLIBCXX_3.4 GLIBCXX_3.4.30"
    older = "soname libstdc++.so.6\ndefines GLIBCXX_3.4"
    libraries = {
        **PYTHON,
        "lib/libstdc++.so.6": older,
        f"{SITE}/own/libstdc++.so.6": newer,
        f"{SITE}/own/_own.{TAG}": "needed libstdc++.so.6\nrpath $ORIGIN\n"
        "needs libstdc++.so.6 GLIBCXX_3.4.30",
    }
    assert judge("prefix/missing-symbol-version", libraries) == []
    libraries[f"{SITE}/other.{TAG}"] = "needed libstdc++.so.6\nneeds libstdc++.so.6 GLIBCXX_3.4.30"
    ((severity, about, message),) = judge("prefix/missing-symbol-version", libraries)
    assert severity == "error"
    assert about.startswith("libstdc++.so.6 for ")
    assert "GLIBCXX_3.4.30" in message


def test_a_file_that_nobody_loads_is_a_note_about_glibc(judge):
    old, new = "needs libc.so.6 GLIBC_2.17", "needs libc.so.6 GLIBC_2.34"
    libraries = {
        **PYTHON,
        f"{SITE}/bits/libbits_cpu.so": f"needed libc.so.6\n{old}",
        f"{SITE}/bits/libbits_xpu.so": f"needed libc.so.6\n{new}",
    }
    assert [row[0] for row in judge("target/glibc-too-old", libraries, target="2.31")] == ["note"]
    libraries[MODULE] = f"needed libc.so.6\n{new}"
    assert sorted(r[0] for r in judge("target/glibc-too-old", libraries, target="2.31")) == [
        "error",
        "note",
    ]
    assert judge("target/glibc-too-old", libraries, target="2.34") == []


def test_a_described_target_need_not_say_its_glibc(judge):
    assert judge("target/glibc-too-old", {**PYTHON, MODULE: "needed libc.so.6"}) == []


def test_one_file_under_two_names_is_one_library(judge, tmp_path):
    libraries = {
        **PYTHON,
        "lib/libx.so.1": "soname libx.so.1\nbuild-id 01",
        f"{SITE}/a.{TAG}": "needed libx.so.1",
        f"{SITE}/b.{TAG}": "needed libx.so.1\nrpath $ORIGIN",
    }
    (tmp_path / "image/env" / SITE).mkdir(parents=True)
    (tmp_path / "image/env" / SITE / "libx.so.1").symlink_to("../../libx.so.1")
    assert judge("prefix/two-providers", libraries) == []


PART = {
    "bin/tool": f"{LOADER}needed libx.so.1\nrunpath $ORIGIN/../lib",
    "lib/libx.so.1": "soname libx.so.1",
}


@pytest.mark.parametrize(
    "project",
    [
        {"environment.yml": "dependencies: [a]\nvariables:\n  LD_LIBRARY_PATH: /opt/cuda/lib64\n"},
        {"Dockerfile": "FROM debian\nENV LD_LIBRARY_PATH=/opt/cuda/lib64\n"},
        {"run.sh": "#!/bin/bash\nconda activate x\nexport LD_LIBRARY_PATH=/opt/cuda/lib64\n"},
    ],
    ids="".join,
)
def test_who_sets_the_variable(judge, project):
    found = judge("prefix/shadowable-library", PART, project)
    assert [row[0] for row in found] == ["warning"]
    assert next(iter(project)) in found[0][2]


def test_nobody_sets_the_variable(judge):
    assert judge("prefix/shadowable-library", PART) == []


def test_a_library_that_was_replaced_is_told(judge, tmp_path):
    state = '{"env_vars": {"LD_LIBRARY_PATH": "%s"}}' % (tmp_path / "image/env/other")
    libraries = {**PART, "other/libx.so.1": "soname libx.so.1", "conda-meta/state": state}
    found = judge("prefix/shadowable-library", libraries)
    assert [row[:2] for row in found] == [("warning", "replaced")]
    assert "other/libx.so.1" in found[0][2]


@pytest.mark.parametrize(
    "state", ["[]", "{", '{"env_vars": 5}', '{"env_vars": {"LD_LIBRARY_PATH": 5}}']
)
def test_a_broken_state_sets_nothing(judge, state):
    assert judge("prefix/shadowable-library", {**PART, "conda-meta/state": state}) == []


@pytest.mark.parametrize(("glibc", "severity"), [("2.36", "warning"), ("2.41", "error")])
def test_an_executable_stack_is_refused_by_newer_loaders(judge, glibc, severity):
    libraries = {**PYTHON, MODULE: "stack executable"}
    assert [r[0] for r in judge("prefix/executable-stack", libraries, target=glibc)] == [severity]


def test_the_stack_of_a_program_is_its_own(judge):
    libraries = {"bin/tool": f"{LOADER}stack executable"}
    assert [r[0] for r in judge("prefix/executable-stack", libraries, target="2.41")] == ["warning"]


def test_a_driver_library_in_a_folder_that_is_not_searched(judge):
    libraries = {**PYTHON, "share/libnvidia-ml.so.1": "soname libnvidia-ml.so.1"}
    assert [r[0] for r in judge("prefix/driver-library", libraries)] == ["warning"]
    libraries = {**PYTHON, "cuda-compat/libcuda.so.1": "soname libcuda.so.1"}
    found = judge("prefix/driver-library", libraries)
    assert [r[1] for r in found] == ["share/libnvidia-ml.so.1"]


def test_two_copies_of_intels_runtime(judge):
    libraries = {
        **PYTHON,
        f"{SITE}/a.libs/libiomp5-1234.so": "soname libiomp5-1234.so",
        f"{SITE}/b.libs/libiomp5-5678.so": "soname libiomp5-5678.so",
        f"{SITE}/a.{TAG}": "needed libiomp5-1234.so\nrpath $ORIGIN/a.libs",
        f"{SITE}/b.{TAG}": "needed libiomp5-5678.so\nrpath $ORIGIN/b.libs",
    }
    assert len(judge("prefix/two-openmp-runtimes", libraries)) == 1


@pytest.mark.parametrize(
    ("folder", "severity"),
    [
        ("/" + "tmp/lib", ["warning"]),
        ("", ["note"]),
        ("x", ["warning"]),
        ("/opt/x", ["note"]),
        ("/usr/lib", []),
    ],
)
def test_foreign_folders(judge, folder, severity):
    libraries = {"lib/libx.so.1": f"soname libx.so.1\nrpath $ORIGIN:{folder}"}
    assert [row[0] for row in judge("prefix/foreign-rpath", libraries)] == severity


def test_a_prefix_without_libraries_is_not_judged(judge):
    assert judge("prefix/missing-library", {}) == []
