from __future__ import annotations

import base64
import time
from hashlib import sha256
from pathlib import Path

import pytest

from conda_preflight.documents import Location, Package
from conda_preflight.engines.uv import UvResolver, resolve
from conda_preflight.solving.pip_half import (
    Indexes,
    PipHalf,
    Provided,
    Unresolvable,
    would_replace,
)
from conda_preflight.solving.question import Untried
from conda_preflight.testing.channel.pages import page
from conda_preflight.testing.channel.simple_index import SimpleIndex

SECRET = "s3cr3t-of-nobody"  # noqa: S105


def versions(half: PipHalf) -> dict[str, str]:
    assert isinstance(half, PipHalf), half
    return {package.name: package.version for package in half.packages}


def test_packages_have_what_a_lock_needs(index):
    lib = index.wheel("lib", "1.5", "dep>=1")
    index.wheel("dep", "2.0")
    half = index.resolve("Lib>=1")
    dep, found = half.packages
    assert (dep.name, dep.version, dep.depends) == ("dep", "2.0", ())
    assert found.manager == "pypi"
    assert found.platform == "linux-64"
    assert found.url == f"{index.server.url}/files/lib-1.5-py3-none-any.whl"
    assert found.size == lib.stat().st_size
    assert found.hashes == (f"sha256:{found.sha256}",)
    assert len(found.sha256) == 64
    assert found.depends == ("dep",)


def test_the_file_is_the_one_that_fits_the_target_best(index):
    for tag in (
        "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp311-cp311-manylinux_2_28_x86_64",
        "cp311-cp311-manylinux_2_35_x86_64",
        "cp312-cp312-manylinux_2_28_x86_64",
        "cp38-abi3-manylinux_2_17_x86_64",
        "cp311-cp311-macosx_11_0_arm64",
        "cp311-cp311-win_amd64",
        "cp311-cp311-manylinux_2_28_aarch64",
        "py3-none-any",
    ):
        index.wheel("bin", "1", tag=tag)

    def best(**more):
        (package,) = index.resolve("bin", **more).packages
        return package.url.rpartition("/bin-1-")[2].removesuffix(".whl"), len(package.hashes)

    assert best() == ("cp311-cp311-manylinux_2_28_x86_64", 4)
    assert best(glibc="2.36")[0] == "cp311-cp311-manylinux_2_35_x86_64"
    assert best(glibc="2.17")[0].startswith("cp311-cp311-manylinux_2_17_x86_64")
    assert best(platform="osx-arm64")[0] == "cp311-cp311-macosx_11_0_arm64"
    assert best(platform="win-64")[0] == "cp311-cp311-win_amd64"
    assert best(platform="linux-aarch64")[0] == "cp311-cp311-manylinux_2_28_aarch64"
    assert best(python="3.12.1")[0] == "cp312-cp312-manylinux_2_28_x86_64"
    assert best(python="3.13.0")[0] == "cp38-abi3-manylinux_2_17_x86_64"


@pytest.mark.parametrize(
    ("platform", "more"), [("linux-ppc64le", {}), ("linux-64", {"glibc": "2.12"})]
)
def test_a_platform_that_uv_does_not_know_cannot_be_told(index, platform, more):
    index.wheel("lib", "1")
    answer = index.resolve("lib", platform=platform, **more)
    assert isinstance(answer, Untried)
    assert platform in answer.reason


def test_markers_are_those_of_the_target(index):
    index.wheel(
        "lib",
        "1",
        "winonly; sys_platform == 'win32'",
        "old; python_full_version < '3.11.5'",
        "arm; platform_machine == 'arm64'",
    )
    for name in ("winonly", "old", "arm"):
        index.wheel(name, "1")
    assert versions(index.resolve("lib")) == {"lib": "1"}
    assert versions(index.resolve("lib", platform="win-64")) == {"lib": "1", "winonly": "1"}
    assert versions(index.resolve("lib", python="3.11.4")) == {"lib": "1", "old": "1"}
    assert versions(index.resolve("lib", platform="osx-arm64")) == {"lib": "1", "arm": "1"}
    assert versions(index.resolve("lib ; sys_platform == 'win32'")) == {}


def test_what_conda_provides_is_neither_asked_for_nor_installed_again(index):
    index.wheel("lib", "2", "numpy>=2")
    index.wheel("lib", "1", "numpy>=1.20", "torch==2.1.0")
    index.wheel("numpy", "1.26.4", "poison", tag="cp311-cp311-manylinux_2_17_x86_64")
    half = index.resolve("lib", "numpy", provided={"numpy": "1.26.4", "torch": "2.1.0+cu118"})
    assert versions(half) == {"lib": "1"}
    assert half.packages[0].depends == ("numpy", "torch")
    assert not [path for path in index.asked if "numpy" in path or "torch" in path]


def test_a_line_that_conda_contradicts_is_named(index):
    answer = index.resolve("numpy>=2", "other", provided={"numpy": "1.26.4"})
    assert answer.reason == "`numpy>=2` is asked of pip, but conda installs numpy 1.26.4."
    assert [line.location.line for line in answer.requirements] == [1]
    assert answer.provided == (Provided("numpy", "1.26.4"),)


def test_a_need_that_conda_contradicts_is_traced_to_its_line(index):
    index.wheel("other", "1")
    index.wheel("top", "1", "mid")
    index.wheel("mid", "1", "low")
    index.wheel("low", "1", "numpy>=2,<3")
    answer = index.resolve("other", "top", provided={"numpy": "1.26.4"})
    assert answer.reason == (
        "`top` needs mid, which needs low, which needs numpy>=2,<3, "
        "but conda installs numpy 1.26.4."
    )
    assert [line.text for line in answer.requirements] == ["top"]
    assert "No solution found" in answer.text


def test_a_version_that_pep_440_does_not_know_fits_everything(index):
    index.wheel("lib", "1", "tzthing>=2020")
    half = index.resolve("lib", provided={"tzthing": "2024b_conda", "../evil": "1"})
    assert versions(half) == {"lib": "1"}


def test_extras_that_conda_cannot_give_are_told(index):
    half = index.resolve("server[standard]", provided={"server": "1.0"})
    assert half.packages == ()
    assert half.lost_extras == ("server[standard]",)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("a==1", "b"), "`b` needs c>=2, and `a==1` needs c<2: no version is both."),
        (("a", "c>=2"), "`a` needs c<2, and `c>=2` is asked: no version is both."),
        (("a==1", "a==2"), "`a==1` and `a==2` is asked in two versions."),
        (("a==7",), "`a==7` is on no index in version ==7."),
        (("far",), "`far` needs c>=9, but only c<=2 is on the index."),
        (("nowhere",), "`nowhere` is on no index."),
        (("lost",), "`lost` needs nowhere, which is on no index."),
        (("new",), "`new` needs Python >=3.13, but the environment has Python 3.11.7."),
        (("win",), "`win` has no file for Python 3.11.7 on linux-64."),
    ],
)
def test_conflicts_are_told_as_a_sentence_about_lines(index, lines, sentence):
    index.wheel("a", "1", "c<2")
    index.wheel("a", "2", "c<2")
    index.wheel("b", "1", "c>=2")
    index.wheel("c", "1")
    index.wheel("c", "2")
    index.wheel("far", "1", "c>=9")
    index.wheel("lost", "1", "nowhere>2")
    index.wheel("new", "1", fields={"Requires-Python": ">=3.13"})
    index.wheel("win", "1", tag="cp311-cp311-win_amd64")
    answer = index.resolve(*lines)
    assert isinstance(answer, Unresolvable)
    assert answer.reason == sentence
    assert [line.text for line in answer.requirements] == list(lines)


def test_constraints_count_and_install_nothing(index):
    index.wheel("lib", "1")
    index.wheel("lib", "2")
    limits = index.question("lib<2", "unused==5").requirements
    assert versions(index.resolve("lib", constraints=limits)) == {"lib": "1"}


def test_versions_of_all_indexes_compete_as_they_do_for_pip(index, make_index):
    extra = make_index("extra")
    index.wheel("lib", "1")
    extra.wheel("lib", "2", "only-here")
    extra.wheel("only-here", "1")
    half = index.resolve("lib", f"--extra-index-url {extra.url}")
    assert versions(half) == {"lib": "2", "only-here": "1"}
    settings = Indexes(index.url, extra=(f"mine={extra.url}",))
    assert versions(index.resolve("lib", indexes=settings)) == versions(half)


def test_find_links_start_from_the_folder_of_the_manifest(index, tmp_path):
    index.wheel("lib", "1")
    (tmp_path / "at").mkdir()
    (tmp_path / "at/wheels").symlink_to(index.files)
    half = index.resolve("lib", "--no-index", "-f wheels", folder=str(tmp_path / "at"))
    assert versions(half) == {"lib": "1"}
    assert half.packages[0].url.startswith("file://")
    assert not index.asked


def test_pre_releases_only_where_they_are_asked_for(index):
    index.wheel("lib", "1.0")
    index.wheel("lib", "2.0rc1")
    assert versions(index.resolve("lib")) == {"lib": "1.0"}
    assert versions(index.resolve("lib", "--pre")) == {"lib": "2.0rc1"}
    assert versions(index.resolve("lib>=2.0rc1")) == {"lib": "2.0rc1"}


def test_yanked_versions_are_avoided_and_told_when_pinned(index):
    index.wheel("lib", "1")
    index.yanked[index.wheel("lib", "2").name] = "broken"
    assert versions(index.resolve("lib")) == {"lib": "1"}
    half = index.resolve("lib==2")
    assert versions(half) == {"lib": "2"}
    assert half.yanked == ("lib",)


def test_a_project_without_wheels_is_never_built_by_default(index):
    index.wheel("top", "1", "src")
    index.sdist("src", "1.0", "dep")
    index.wheel("dep", "1")
    answer = index.resolve("top")
    assert answer.sdist_only == ("src",)
    assert answer.reason == (
        "`top` needs src, which has no wheel for Python 3.11.7 on linux-64 "
        "and would have to be built."
    )
    half = index.resolve("top", allow_sdists=True)
    assert versions(half) == {"dep": "1", "src": "1.0", "top": "1"}
    assert half.sdists == ("src",)
    assert half.packages[1].url.endswith("src-1.0.tar.gz")


def test_no_code_of_a_project_runs_unless_it_is_allowed(index, tmp_path):
    index.built_by_its_own_code("src", "1", tmp_path / "ran")
    assert index.resolve("src").sdist_only == ("src",)
    assert not (tmp_path / "ran").exists()
    assert versions(index.resolve("src", allow_sdists=True)) == {"src": "1"}
    assert (tmp_path / "ran").exists()


def test_an_older_wheel_is_taken_before_a_newer_sdist(index):
    index.wheel("lib", "1")
    index.sdist("lib", "2")
    assert versions(index.resolve("lib", allow_sdists=True)) == {"lib": "1"}


def test_files_may_be_named_by_their_address(index):
    wheel = index.wheel("lib", "1", "dep")
    index.wheel("dep", "1")
    address = f"{index.server.url}/files/{wheel.name}"
    half = index.resolve(f"lib @ {address}")
    assert versions(half) == {"dep": "1", "lib": "1"}
    assert half.packages[1].url == address
    assert half.packages[1].sha256


@pytest.mark.parametrize(
    "line", ["lib @ git+https://example.org/lib", "-e .", "./lib", "-r more.txt", "lib==", "$X"]
)
def test_what_no_hash_can_pin_is_refused(index, line):
    answer = index.resolve(line)
    assert isinstance(answer, Untried)
    assert not index.asked


def test_what_no_hash_can_pin_may_be_left_out(index):
    index.wheel("lib", "1")
    half = index.resolve("-e .", "lib", leave_out_unpinnable=True)
    assert versions(half) == {"lib": "1"}
    assert [line.text for line in half.left_out] == ["-e ."]
    assert index.resolve("-e .", leave_out_unpinnable=True).packages == ()


def test_variables_stand_for_nothing_unless_they_are_given(index):
    index.wheel("lib", "1")
    line = f"--index-url http://me:${{SECRET}}@{index.url.removeprefix('http://')}"
    answer = index.resolve("lib", line)
    assert isinstance(answer, Untried)
    assert "SECRET" in answer.reason
    assert versions(index.resolve("lib", line, variables={"SECRET": SECRET})) == {"lib": "1"}


@pytest.mark.parametrize("how", ["address", "netrc"])
def test_a_private_index_lets_in_who_has_credentials(index, tmp_path, how):
    index.wheel("lib", "1")
    login = base64.b64encode(f"me:{SECRET}".encode()).decode()
    index.fault("*", status=401, unless=f"Basic {login}")
    host = index.server.url.removeprefix("http://")
    url = index.url
    if how == "address":
        url = f"http://me:{SECRET}@{host}/simple"
    else:
        (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    half = index.resolve("lib", indexes=Indexes(url))
    assert versions(half) == {"lib": "1"}
    assert SECRET not in repr(half.packages) + half.packages[0].url
    assert SECRET not in repr(index.question("lib", indexes=Indexes(url)))


@pytest.mark.parametrize("login", ["", f"me:{SECRET}@"])
def test_a_private_index_without_right_credentials_cannot_be_told(index, make_index, login):
    closed = make_index("closed")
    closed.fault("*", status=401)
    index.wheel("lib", "1")
    url = closed.url.replace("http://", f"http://{login}")
    for answer in (
        index.resolve("lib", indexes=Indexes(url)),
        index.resolve("lib", f"--extra-index-url {url}"),
        index.resolve("lib", f"--extra-index-url {url}", provided={"lib": "1"}),
    ):
        assert isinstance(answer, Untried)
        assert "wants other credentials" in answer.reason
        assert SECRET not in answer.reason + answer.hint


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_server_in_trouble_is_no_verdict(index, status):
    index.wheel("lib", "1")
    index.fault("/simple/*", status=status)
    answer = index.resolve("lib")
    assert isinstance(answer, Untried)
    assert str(status) in answer.reason + answer.hint


def test_a_damaged_page_is_no_verdict(index):
    index.wheel("lib", "1")
    index.fault("/simple/*", cut=True, after=20)
    assert isinstance(index.resolve("lib"), Untried)


def test_a_stalled_server_is_left_in_time(index):
    index.wheel("lib", "1")
    index.fault("/simple/*", stall=60)
    start = time.monotonic()
    answer = index.resolve("lib", seconds=1)
    assert isinstance(answer, Untried)
    assert "no answer" in answer.reason
    assert time.monotonic() - start < 5


def test_nobody_listens(index):
    answer = index.resolve("lib", indexes=Indexes("http://127.0.0.1:1/simple"))
    assert isinstance(answer, Untried)
    assert "refuses the connection" in answer.reason


def test_offline_answers_from_the_cache_alone(index):
    index.wheel("lib", "1")
    answer = index.resolve("lib", offline=True)
    assert isinstance(answer, Untried)
    assert not index.asked
    index.resolve("lib")
    before = len(index.server.requests)
    assert versions(index.resolve("lib", offline=True)) == {"lib": "1"}
    assert len(index.server.requests) == before


def test_without_a_cache_nothing_stays(index, tmp_path):
    index.wheel("lib", "1")
    before = set(tmp_path.iterdir())
    half = resolve(index.question("lib", provided={"numpy": "1"}))
    assert versions(half) == {"lib": "1"}
    assert set(tmp_path.iterdir()) == before


def test_the_same_question_has_the_same_answer(index):
    for name in ("zeta", "alpha", "mid"):
        index.wheel(name, "1", "mid")
    lines = ("zeta", "alpha", "mid")
    answers = [index.resolve(*lines), index.resolve(*reversed(lines))]
    assert repr(answers[0].packages) == repr(answers[1].packages)
    assert [package.name for package in answers[0].packages] == ["alpha", "mid", "zeta"]


def test_settings_of_the_user_do_not_count(index, make_index, tmp_path, monkeypatch):
    other = make_index("other")
    other.wheel("lib", "9")
    index.wheel("lib", "1")
    monkeypatch.setenv("UV_INDEX_URL", other.url)
    monkeypatch.setenv("UV_CONSTRAINT", "/nonexistent")
    config = tmp_path / ".config/uv"
    config.mkdir(parents=True)
    (config / "uv.toml").write_text(f'index-url = "{other.url}"\n')
    assert versions(index.resolve("lib")) == {"lib": "1"}


def test_a_machine_without_uv_is_told_in_a_sentence(index, monkeypatch):
    monkeypatch.setattr("conda_preflight.engines.uv_process._of_wheel", lambda: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    answer = index.resolve("lib")
    assert isinstance(answer, Untried)
    assert "needs uv" in answer.reason
    assert "pip install uv" in answer.hint


@pytest.mark.parametrize("python", ["banana", "3", "", "3.11.7; import os"])
def test_an_impossible_python_is_no_verdict(index, python):
    index.wheel("lib", "1")
    assert isinstance(index.resolve("lib", python=python), Untried | PipHalf)


def test_what_would_replace_condas():
    nowhere = Location("")
    provided = (
        Provided("same", "1.0"),
        Provided("equal", "1.0"),
        Provided("local", "2.1.0+cu118"),
        Provided("moved", "1.26.4"),
    )
    pip = tuple(
        Package("pypi", name, version, nowhere)
        for name, version in (
            ("same", "1.0"),
            ("equal", "1.0.0"),
            ("local", "2.1.0"),
            ("moved", "2.0"),
            ("new", "1"),
        )
    )
    assert would_replace(provided, pip) == ((provided[3], pip[3]),)
    assert would_replace((), pip) == ()


def test_stubs_in_the_cache_are_small_and_complete(index):
    index.resolve("numpy", provided={"numpy": "1.26.4"})
    stubs = list((index.cache / "conda-preflight-stubs").iterdir())
    assert [Path(stub).name for stub in stubs] == ["numpy-1.26.4-py3-none-any.whl"]
    assert stubs[0].stat().st_size < 1000


def test_hashes_are_made_where_an_index_has_none(index):
    wheel = index.wheel("lib", "1")
    anchor = f'<a href="../../files/{wheel.name}">{wheel.name}</a>'
    known = index.server.site
    index.server.site = lambda path, headers: (
        page(f"<!DOCTYPE html><html><body>{anchor}</body></html>".encode(), "text/html")
        if path == "/simple/lib/"
        else known(path, headers)
    )
    answer = index.resolve("lib")
    assert versions(answer) == {"lib": "1"}
    assert answer.packages[0].sha256 == sha256(wheel.read_bytes()).hexdigest()


def test_credentials_in_the_address_of_a_file_stay_out_of_the_answer(index):
    wheel = index.wheel("lib", "1")
    login = base64.b64encode(f"me:{SECRET}".encode()).decode()
    index.fault("*", status=401, unless=f"Basic {login}")
    host = index.server.url.removeprefix("http://")
    half = index.resolve(f"lib @ http://me:{SECRET}@{host}/files/{wheel.name}")
    assert versions(half) == {"lib": "1"}
    assert half.packages[0].url == f"{index.server.url}/files/{wheel.name}"
    wrong = index.resolve(f"lib @ http://me:{SECRET}x@{host}/files/{wheel.name}")
    assert isinstance(wrong, Untried)
    assert SECRET not in repr(wrong.reason + wrong.hint)


def test_a_file_of_its_own_address_does_not_take_the_place_of_condas(index):
    wheel = index.wheel("numpy", "2.0")
    line = f"numpy @ {index.server.url}/files/{wheel.name}"
    answer = index.resolve(line, provided={"numpy": "1.26.4"})
    assert isinstance(answer, Unresolvable)
    assert answer.provided == (Provided("numpy", "1.26.4"),)
    assert [each.text for each in answer.requirements] == [line]
    assert "conda installs numpy 1.26.4" in answer.reason


def test_the_same_question_costs_once(index):
    index.wheel("lib", "1")
    question, resolver = index.question("lib"), UvResolver(30, index.cache)
    first = resolver.resolve(question)
    before = len(index.server.requests)
    assert resolver.resolve(question) is first
    assert len(index.server.requests) == before


def test_a_glibc_that_is_too_old_is_named(index):
    index.wheel("bin", "1", tag="cp311-cp311-manylinux_2_28_x86_64")
    answer = index.resolve("bin", glibc="2.17")
    assert answer.reason == "`bin` has no file for Python 3.11.7 on linux-64 with glibc 2.17."


def test_files_newer_than_a_day_are_not_there(index):
    old, new = index.wheel("lib", "1"), index.wheel("lib", "2")
    times = {old.name: "2024-01-02T00:00:00Z", new.name: "2025-01-02T00:00:00Z"}
    index.server.site = SimpleIndex(index.files, uploaded=times)
    assert versions(index.resolve("lib", exclude_newer="2024-06-01T00:00:00Z")) == {"lib": "1"}
    assert versions(index.resolve("lib")) == {"lib": "2"}
