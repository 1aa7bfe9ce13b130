"""The rules of the loader, each on a few made files."""

from __future__ import annotations

import os

import pytest

from conda_preflight.documents import Host, Location
from conda_preflight.errors import Skip
from conda_preflight.grammar.elf import parse
from conda_preflight.loading.contents import is_extension
from conda_preflight.readers.libraries import read
from conda_preflight.testing.elf import make_elf

LOADER = "interpreter /lib64/ld-linux-x86-64.so.2\n"
PYTHON = {"bin/python3.11": LOADER}
SITE = "lib/python3.11/site-packages"
FAST = f"{SITE}/fast.cpython-311-x86_64-linux-gnu.so"


@pytest.fixture
def picks(tmp_path):
    """What is picked for each name that an entry point's process needs."""

    def of(files, entry="bin/tool", **options):
        write(tmp_path, files)
        found = read(tmp_path, "env", **options)
        (process,) = (p for p in found.processes if p.entry == entry)
        return {link.soname: (link.provider, link.how) for link in process.links}

    return of


def write(folder, files):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(make_elf(text) if isinstance(text, str) else text)
        file.chmod(0o755)


def test_rpath_goes_before_library_path_and_runpath_after(picks):
    files = {
        "a/libx.so.1": "soname libx.so.1",
        "b/libx.so.1": "soname libx.so.1",
        "bin/tool": f"{LOADER}needed libx.so.1\nrpath $ORIGIN/../a",
        "bin/other": f"{LOADER}needed libx.so.1\nrunpath ${{ORIGIN}}/../a",
    }
    there = {"LD_LIBRARY_PATH": "B"}
    assert picks(files)["libx.so.1"] == ("a/libx.so.1", "rpath")
    assert picks(files, "bin/other")["libx.so.1"] == ("a/libx.so.1", "runpath")
    assert picks(files, environment=there)["libx.so.1"] == ("a/libx.so.1", "rpath")


def test_library_path_hides_what_a_runpath_leads_to(picks, tmp_path):
    files = {
        "a/libx.so.1": "soname libx.so.1",
        "b/libx.so.1": "soname libx.so.1",
        "bin/tool": f"{LOADER}needed libx.so.1\nrunpath $ORIGIN/../a",
    }
    there = {"LD_LIBRARY_PATH": f":{os.path.realpath(tmp_path)}/b;"}
    assert picks(files, environment=there)["libx.so.1"] == ("b/libx.so.1", "LD_LIBRARY_PATH")


def test_rpath_is_inherited_and_runpath_is_not(picks):
    files = {
        "lib/libx.so.1": "soname libx.so.1\nneeded libdeep.so.1",
        "lib/liby.so.1": "soname liby.so.1\nneeded libother.so.1",
        "lib/sub/libdeep.so.1": "soname libdeep.so.1",
        "lib/sub/libother.so.1": "soname libother.so.1",
        "bin/tool": f"{LOADER}needed libx.so.1\nrpath $ORIGIN/../lib $ORIGIN/../lib/sub",
        "bin/other": f"{LOADER}needed liby.so.1\nrunpath $ORIGIN/../lib $ORIGIN/../lib/sub",
    }
    assert picks(files)["libdeep.so.1"] == ("lib/sub/libdeep.so.1", "rpath")
    assert picks(files, "bin/other")["libother.so.1"] == ("", "")


def test_an_object_with_a_runpath_inherits_no_rpath(picks):
    files = {
        "lib/libx.so.1": "soname libx.so.1\nneeded libdeep.so.1\nrunpath /nowhere",
        "lib/libdeep.so.1": "soname libdeep.so.1",
        "bin/tool": f"{LOADER}needed libx.so.1\nrpath $ORIGIN/../lib",
    }
    assert picks(files)["libdeep.so.1"] == ("", "")


def test_a_module_inherits_the_rpath_of_python(picks):
    files = {
        "bin/python3.11": f"{LOADER}rpath $ORIGIN/../lib",
        "lib/libx.so.1": "soname libx.so.1",
        FAST: "needed libx.so.1",
    }
    assert picks(files, FAST)["libx.so.1"] == ("lib/libx.so.1", "rpath")


def test_a_module_is_opened_by_the_library_that_python_is_in(picks):
    files = {
        "bin/python3.11": f"{LOADER}needed libpython3.11.so.1.0\nrunpath $ORIGIN/../lib",
        "lib/libpython3.11.so.1.0": "soname libpython3.11.so.1.0\nrpath $ORIGIN/python",
        "lib/python/libx.so.1": "soname libx.so.1",
        FAST: "needed libx.so.1",
    }
    assert picks(files, FAST)["libx.so.1"] == ("lib/python/libx.so.1", "rpath")


def test_what_is_loaded_under_a_name_is_not_searched_again(picks):
    files = {
        "a/libx.so.1": "soname libx.so.1",
        "b/libx.so.1": "soname libx.so.1",
        "a/libfirst.so": "soname libfirst.so\nneeded libx.so.1\nrunpath $ORIGIN",
        "b/libsecond.so": "soname libsecond.so\nneeded libx.so.1\nrunpath $ORIGIN",
        "bin/tool": f"{LOADER}needed libfirst.so libsecond.so\nrunpath $ORIGIN/../a $ORIGIN/../b",
    }
    assert picks(files)["libx.so.1"] == ("a/libx.so.1", "loaded")


def test_an_object_for_another_machine_is_passed_over(picks):
    files = {
        "a/libx.so.1": "soname libx.so.1\nabi aarch64",
        "b/libx.so.1": "soname libx.so.1",
        "bin/tool": f"{LOADER}needed libx.so.1\nrpath $ORIGIN/../a $ORIGIN/../b",
    }
    assert picks(files)["libx.so.1"] == ("b/libx.so.1", "rpath")


@pytest.mark.parametrize("data", [b"", b"text\n", make_elf("soname libx.so.1")[:90]])
def test_a_broken_file_ends_the_search(picks, data):
    files = {
        "a/libx.so.1": data,
        "b/libx.so.1": "soname libx.so.1",
        "bin/tool": f"{LOADER}needed libx.so.1\nrpath $ORIGIN/../a $ORIGIN/../b",
    }
    assert picks(files)["libx.so.1"] == ("a/libx.so.1", "broken")


def test_origin_is_where_a_library_was_found_not_where_a_link_leads(picks, tmp_path):
    files = {
        "store/libx.so.1": "soname libx.so.1\nneeded libdeep.so.1\nrunpath $ORIGIN/deep",
        "lib/deep/libdeep.so.1": "soname libdeep.so.1",
        "bin/tool": f"{LOADER}needed libx.so.1\nrpath $ORIGIN/../lib",
    }
    write(tmp_path, files)
    (tmp_path / "lib/libx.so.1").symlink_to("../store/libx.so.1")
    found = picks({})
    assert found["libx.so.1"] == ("store/libx.so.1", "rpath")
    assert found["libdeep.so.1"] == ("lib/deep/libdeep.so.1", "runpath")


def test_a_name_with_a_slash_is_a_path(picks):
    files = {
        "lib/libx.so.1": "soname libx.so.1",
        "bin/tool": f"{LOADER}needed $ORIGIN/../lib/libx.so.1",
    }
    assert picks(files)["$ORIGIN/../lib/libx.so.1"] == ("lib/libx.so.1", "path")


def test_an_extension_of_torch_comes_after_torch(picks, tmp_path):
    files = {
        **PYTHON,
        f"{SITE}/torch/_C.cpython-311-x86_64-linux-gnu.so": "needed libc10.so\nrpath $ORIGIN/lib",
        f"{SITE}/torch/lib/libc10.so": "soname libc10.so",
        f"{SITE}/nvidia/cudnn/lib/libcudnn.so.9": "soname libcudnn.so.9",
        f"{SITE}/vision/_C.so": "needed libc10.so libcudnn.so.9",
    }
    found = picks(files, f"{SITE}/vision/_C.so")
    assert found["libc10.so"] == (f"{SITE}/torch/lib/libc10.so", "loaded")
    assert found["libcudnn.so.9"] == (f"{SITE}/nvidia/cudnn/lib/libcudnn.so.9", "preloaded")


def test_a_described_target_has_its_c_library_and_nothing_else(picks):
    files = {"bin/tool": f"{LOADER}needed libc.so.6 libz.so.1"}
    host = Host("host.json", Location("host.json"), glibc="2.17")
    assert picks(files, host=host) == {"libc.so.6": ("", "system"), "libz.so.1": ("", "")}


def test_an_image_is_searched_below_its_root(tmp_path):
    files = {
        "usr/lib/x86_64-linux-gnu/libz.so.1.3": "soname libz.so.1",
        "usr/lib/x86_64-linux-gnu/libc.so.6": "soname libc.so.6\ndefines GLIBC_2.2.5 GLIBC_2.31",
        "opt/env/bin/tool": f"{LOADER}needed libz.so.1 libx.so.1\nrpath /opt/env/lib",
        "opt/env/lib/libx.so.1": "soname libx.so.1",
    }
    write(tmp_path, files)
    (tmp_path / "lib").symlink_to("/usr/lib")
    (tmp_path / "usr/lib/x86_64-linux-gnu/libz.so.1").symlink_to(
        "/usr/lib/x86_64-linux-gnu/libz.so.1.3"
    )
    found = read(tmp_path / "opt/env", "env", root=tmp_path)
    (process,) = found.processes
    assert [(link.provider, link.how) for link in process.links] == [
        ("/usr/lib/x86_64-linux-gnu/libz.so.1.3", "default"),
        ("lib/libx.so.1", "rpath"),
    ]
    assert found.glibc == "2.31"
    assert not found.broken


def test_links_that_lead_out_or_in_circles_and_pipes_are_survived(tmp_path):
    (tmp_path / "lib").mkdir()
    os.mkfifo(tmp_path / "lib/libpipe.so.1")
    (tmp_path / "lib/libzero.so").symlink_to("/dev/zero")
    (tmp_path / "lib/liba.so").symlink_to("libb.so")
    (tmp_path / "lib/libb.so").symlink_to("liba.so")
    (tmp_path / "lib/self").symlink_to(".")
    (tmp_path / "lib/libout.so.1").symlink_to("/etc/hostname")
    write(
        tmp_path,
        {"lib/libx.so.1": "soname libx.so.1\nneeded libpipe.so.1 libout.so.1\nrpath $ORIGIN"},
    )
    (tmp_path / b"lib/lib\xff\n.so".decode("utf-8", "surrogateescape")).write_bytes(b"\x7fELF")
    found = read(tmp_path, "env")
    assert list(found.objects) == ["lib/libx.so.1", *[p for p in found.objects if p[0] == "/"]]
    links = {link.soname: link for p in found.processes for link in p.links}
    assert links["libpipe.so.1"].how == ""
    assert list(found.broken) == ["lib/lib?\n.so"]


@pytest.mark.parametrize(
    ("path", "module", "answer"),
    [
        (FAST, "", True),
        ("lib/python3.11/lib-dynload/zlib.cpython-311-x86_64-linux-gnu.so", "", True),
        (f"{SITE}/pkg/_C.so", "_C", True),
        (f"{SITE}/pkg/_C.so", "", False),
        (f"{SITE}/pkg/_C.abi3.so", "_C", True),
        (f"{SITE}/pkg/_C.abi3.so", "_D", False),
        (f"{SITE}/pkg/_C.cpython-312-x86_64-linux-gnu.so", "_C", False),
        (f"{SITE}/pkg/libthing.so", "libthing", False),
        (f"{SITE}/pkg.libs/libz-1234.so.1", "", False),
        ("lib/libthing.so", "", False),
        ("lib/python3.13t/site-packages/m.cpython-313t-x86_64-linux-gnu.so", "", True),
    ],
)
def test_what_python_imports(path, module, answer):
    data = make_elf(f"module {module}" if module else "")
    found = parse(lambda at, count: data[at : at + count], len(data), path)
    assert is_extension(path, found) is answer


def test_files_that_need_each_other_without_end_are_not_judged(tmp_path, monkeypatch):
    monkeypatch.setattr("conda_preflight.loading.search.MAX_STEPS", 50)
    names = [f"lib{number}.so" for number in range(20)]
    files = {f"lib/{name}": f"needed {' '.join(names)}\nrpath $ORIGIN/x:$ORIGIN" for name in names}
    write(tmp_path, files)
    with pytest.raises(Skip, match="without end"):
        read(tmp_path, "env")


def test_more_files_than_are_looked_at_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("conda_preflight.loading.contents.MAX_OBJECTS", 3)
    write(tmp_path, {f"lib/lib{number}.so": "" for number in range(3)})
    assert read(tmp_path, "env").is_whole
    write(tmp_path, {"lib/lib9.so": ""})
    assert not read(tmp_path, "env").is_whole


def test_a_file_that_needs_too_much_is_broken(tmp_path):
    write(tmp_path, {"lib/libx.so": "needed " + " ".join(f"lib{n}.so" for n in range(2001))})
    assert "more than 2000 libraries" in read(tmp_path, "env").broken["lib/libx.so"]
