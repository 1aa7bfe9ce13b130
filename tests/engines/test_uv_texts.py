"""What uv is told, and what is read from its words, without running it."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Location
from conda_preflight.engines.stub_wheel import canonical, stub
from conda_preflight.engines.uv_answer import AnswerError, pip_half, requires
from conda_preflight.engines.uv_platform import ranked, uv_platform
from conda_preflight.engines.uv_process import clean, environment
from conda_preflight.engines.uv_proof import Term, read_proof
from conda_preflight.engines.uv_question import read, settings, text
from conda_preflight.engines.uv_refusal import refusal
from conda_preflight.engines.version_sets import disjoint
from conda_preflight.grammar import requirement
from conda_preflight.solving.pip_half import Indexes, PipQuestion, Provided, Unresolvable
from conda_preflight.solving.question import Untried


def question(*lines: str, provided: tuple[Provided, ...] = (), **more) -> PipQuestion:
    parsed = tuple(requirement.parse(line, Location("e.yml")) for line in lines)
    return PipQuestion(parsed, "3.11.7", "linux-64", provided=provided, **more)


@pytest.mark.parametrize(
    ("platform", "glibc", "name"),
    [
        ("linux-64", "", "x86_64-manylinux_2_28"),
        ("linux-64", "2.17", "x86_64-manylinux_2_17"),
        ("linux-64", "2.30", "x86_64-manylinux_2_28"),
        ("linux-64", "2.39.1", "x86_64-manylinux_2_39"),
        ("linux-64", "2.99", "x86_64-manylinux_2_40"),
        ("linux-64", "2.16", ""),
        ("linux-64", "banana", "x86_64-manylinux_2_28"),
        ("linux-aarch64", "2.35", "aarch64-manylinux_2_35"),
        ("linux-s390x", "", ""),
        ("osx-64", "", "x86_64-apple-darwin"),
        ("osx-arm64", "2.17", "aarch64-apple-darwin"),
        ("win-64", "", "x86_64-pc-windows-msvc"),
        ("noarch", "", ""),
    ],
)
def test_platforms(platform, glibc, name):
    assert uv_platform(platform, glibc) == name


def test_wheels_in_the_order_of_an_installer():
    def best(*tags, platform="linux-64", glibc="", macos="", python="3.11.7"):
        files = [f"x-1-{tag}.whl" for tag in tags]
        return [f[4:-4] for f in ranked(files, python, platform, glibc, macos)]

    assert best("py3-none-any", "cp311-abi3-manylinux2014_x86_64") == [
        "cp311-abi3-manylinux2014_x86_64",
        "py3-none-any",
    ]
    old, new = "cp311-cp311-macosx_10_9_x86_64", "cp311-cp311-macosx_13_0_x86_64"
    assert best(old, new, platform="osx-64")[0] == new
    assert best(old, new, platform="osx-64", macos="12.0")[0] == old
    assert best("2-py3-none-any", "10-py3-none-any")[0] == "10-py3-none-any"
    assert best("junk", "py3-none-any") == ["py3-none-any", "junk"]


def test_settings_are_toml_whatever_stands_in_them():
    address = 'https://u:p"]\n[pip]\nx = "@h.example.org/\x7f'
    asked = read(question("lib", indexes=Indexes("", extra=(f"mine={address}", address))))
    found = tomllib.loads(settings(asked, question(), build=False))
    assert [row["url"] for row in found["index"]] == [address, address]
    assert found["index"][0]["name"] == "mine"
    assert found["no-build"] is True
    assert "pip" not in found


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_as_toml(value):
    assert tomllib.loads(f"x = {text(value)}")["x"] == value


def test_options_of_the_manifest():
    asked = read(
        question(
            "lib[b,a]>=1 ; python_version > '3'",
            "-i https://a.example.org/simple",
            "--extra-index-url https://b.example.org/simple",
            "--find-links https://c.example.org/wheels",
            "-f ./near",
            "--only-binary a,b",
            "--no-binary c",
            "--trusted-host d.example.org",
            "--pre",
            folder="/project",
            indexes=Indexes("https://mine.example.org/simple", extra=("https://e.example.org",)),
        )
    )
    assert asked.lines == ("lib[b,a]>=1 ; python_version > '3'",)
    assert asked.indexes.default == "https://a.example.org/simple"
    assert asked.indexes.extra == ("https://b.example.org/simple", "https://e.example.org")
    assert asked.indexes.find_links == ("https://c.example.org/wheels", "/project/near")
    assert asked.indexes.trusted_hosts == ("d.example.org",)
    assert (asked.only_binary, asked.no_binary, asked.prereleases) == (("a", "b"), ("c",), True)


def test_a_stub_has_a_version_of_pep_440():
    assert canonical(Provided("x", "v1.0-1")) == Provided("x", "1.0.post1")
    assert canonical(Provided("x", "2.1.0+cu118")) == Provided("x", "2.1.0+cu118")
    assert canonical(Provided("x", "1_conda")) is None
    assert stub(Provided("x", "1")) == stub(Provided("x", "1"))


def test_uv_inherits_what_it_needs_and_nothing_else():
    outer = {
        "HOME": "/h",
        "https_proxy": "http://p.example.org",
        "UV_INDEX_MINE_PASSWORD": "x",
        "UV_INDEX_URL": "http://other.example.org",
        "PIP_INDEX_URL": "http://other.example.org",
        "PYTHONPATH": "/evil",
        "LD_PRELOAD": "/evil.so",
        "VIRTUAL_ENV": "/v",
        "CONDA_PREFIX": "/c",
    }
    kept = environment(outer, "/scratch")
    assert kept.keys() & outer.keys() == {"HOME", "https_proxy", "UV_INDEX_MINE_PASSWORD"}
    assert kept["UV_PYTHON_DOWNLOADS"] == "never"


def test_messages_hold_no_credentials_and_no_control_characters():
    shown = clean("\x1b[31mno\x1b[0m http://me:pw1234@h.example.org/ \u202eevil\r\n")
    assert shown == "no http://***:***@h.example.org/ evil\n"


def test_needs_come_from_comments():
    found = requires(
        "a==1\n    # via -r requirements.in\nb @ file:///x\n    # via\n    #   a\n    #   c\nc==2\n"
    )
    assert found == {"a": ("b",), "b": (), "c": ("b",)}


@pytest.mark.parametrize(
    "lock",
    [
        "",
        "[",
        "packages = 5",
        "[[packages]]\nname='x'",
        "[[packages]]\nname='x'\nwheels=[{url='http://h/x-1-py3-none-any.whl'}]",
        "[[packages]]\nname='x'\nwheels=[{url='u',hashes={sha256=''}}]",
        "[[packages]]\nversion='1'",
        "packages = [1]",
        "[[packages]]\nname='x'\nwheels=3",
        "[[packages]]\nname='x'\nwheels=[{url='http://h/x-1-py3-none-any.whl',size='big',hashes=3}]",
    ],
)
def test_an_answer_without_files_and_hashes_is_none(lock):
    with pytest.raises(AnswerError):
        pip_half(lock, "", question("x"))


def test_the_proof_of_older_releases_is_read_too():
    found = read_proof(
        "  \u00d7 No solution found when resolving dependencies:\n"
        "  \u2570\u2500\u25b6 Because only the following versions of numpy are available:\n"
        "          numpy<1\n          numpy==1.26.4\n"
        "      and all versions of e depend on numpy>=2,<3, we can conclude that all\n"
        "      versions of e cannot be used.\n"
        "      And because x>=1 depends on one of:\n          numpy>=1,<1.26.4\n"
        "          numpy>1.26.4\n      and you require e[a,b]{sys_platform == 'linux'}>=2 and\n"
        "      x, we can conclude that your requirements are unsatisfiable.\n"
    )
    assert found.available == (Term("numpy", ("<1", "==1.26.4")),)
    assert found.needs == (
        ("e", Term("numpy", (">=2,<3",))),
        ("x", Term("numpy", (">=1,<1.26.4", ">1.26.4"))),
    )
    assert found.required == (Term("e", (">=2",)), Term("x"))


@pytest.mark.parametrize(
    "words",
    ["a" * 60_000, "a " * 30_000, "a depends on " * 5000, "you require " * 5000, "<=1," * 16_000],
)
def test_long_words_cost_little(words):
    start = time.monotonic()
    answer = refusal(f"No solution found\n{words}", question("a"))
    assert isinstance(answer, Unresolvable)
    assert time.monotonic() - start < 3


@given(st.text())
def test_any_words_give_an_answer(words):
    assert isinstance(refusal(words, question("a")), Unresolvable | Untried)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (["<2"], [">=2"], True),
        (["<2"], [">1"], False),
        (["<=2"], [">=2"], False),
        (["==1"], ["==2"], True),
        (["==1.*"], [">=1.5"], False),
        ([], ["==1"], False),
        ([">=1,<1.26.4", ">1.26.4"], ["==1.26.4"], True),
        (["<1.dev0"], [">=1.dev0"], True),
    ],
)
def test_sets_of_versions(first, second, expected):
    assert disjoint(first, second) is expected
    assert disjoint(second, first) is expected


@pytest.mark.parametrize(
    ("specs", "shown"),
    [
        ((), "x"),
        ((">=1,<2",), "x>=1,<2"),
        ((">=1,<1.5", ">1.5,<2.dev0"), "x>=1,!=1.5,<2"),
        (("<1", ">=2"), "x<1 or x>=2"),
        ((">=1,<1.4", ">1.4,<1.5", ">1.5"), "x>=1,!=1.4,!=1.5"),
        (tuple(f">4.21.{n},<4.21.{n + 1}" for n in range(9)), "x>4.21.0,<4.21.9"),
    ],
)
def test_terms_are_short(specs, shown):
    assert str(Term("x", specs)) == shown
