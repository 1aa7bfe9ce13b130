from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Judge

from conda_preflight.documents import Location, Requirement
from conda_preflight.grammar.requirement import parse, parse_all, pinned, versions_allow

HERE = Location("environment.yml", 3, 7, 9)
KINDS = {"name", "url", "vcs", "path", "option", "include", "constraint", "invalid"}


def read(text: str) -> Requirement:
    return parse(text, HERE)


@pytest.mark.parametrize(
    ("text", "name", "specifier", "extras", "marker"),
    [
        ("Numpy", "numpy", "", (), ""),
        ("zope.interface_x == 5.0", "zope-interface-x", "==5.0", (), ""),
        ("torch==2.0.1+cu118", "torch", "==2.0.1+cu118", (), ""),
        ("a>=1, <2", "a", ">=1,<2", (), ""),
        ("a (>=1.2)", "a", ">=1.2", (), ""),
        ("a===any-text", "a", "===any-text", (), ""),
        (
            "transformers[torch, Sentence_Piece]",
            "transformers",
            "",
            ("torch", "sentence-piece"),
            "",
        ),
        ("a[x]~=1.4 ; python_version < '3.9'", "a", "~=1.4", ("x",), "python_version < '3.9'"),
        ("a==${VERSION}", "a", "==${VERSION}", (), ""),
    ],
)
def test_names(text, name, specifier, extras, marker):
    found = read(text)
    assert (found.kind, found.error, found.location) == ("name", None, HERE)
    assert (found.name, found.specifier, found.extras) == (name, specifier, extras)
    assert found.marker == marker


@pytest.mark.parametrize(
    ("text", "kind", "name", "url"),
    [
        ("git+https://h/o/r.git@v1#egg=My_Pkg", "vcs", "my-pkg", "git+https://h/o/r.git@v1#egg=My_Pkg"),
        ("git+https://h/o/r", "vcs", "", "git+https://h/o/r"),
        ("git+ssh://git@h:o/r.git", "vcs", "", "git+ssh://git@h:o/r.git"),
        ("flash @ git+https://h/f", "vcs", "flash", "git+https://h/f"),
        ("https://h/torch-2.0.1%2Bcu118-cp310-cp310-linux_x86_64.whl", "url", "torch",
         "https://h/torch-2.0.1%2Bcu118-cp310-cp310-linux_x86_64.whl"),
        ("https://h/en_core_web_sm-2.1.0.tar.gz", "url", "en-core-web-sm",
         "https://h/en_core_web_sm-2.1.0.tar.gz"),
        ("https://h/archive/main.zip", "url", "", "https://h/archive/main.zip"),
        ("file:///wheels/a-1.0-py3-none-any.whl", "url", "a", "file:///wheels/a-1.0-py3-none-any.whl"),
        (".", "path", "", "."),
        (".[dev]", "path", "", "."),
        ("../lib", "path", "", "../lib"),
        ("submodules/knn", "path", "", "submodules/knn"),
        ("a-1.0-py3-none-any.whl", "path", "a", "a-1.0-py3-none-any.whl"),
        ("C:\\wheels\\b-2.tar.gz", "path", "b", "C:\\wheels\\b-2.tar.gz"),
    ],
)  # fmt: skip
def test_urls_and_paths(text, kind, name, url):
    found = read(text)
    assert (found.kind, found.name, found.url, found.error) == (kind, name, url, None)
    editable = read(f'-e "{text}"')
    assert (editable.kind, editable.name) == (kind, name)
    assert (editable.editable, editable.option) == (True, "-e")


def test_wheel_gives_version_hash_and_marker():
    found = read("x @ https://h/x-1.5-py3-none-any.whl#sha256=AB12 ; os_name == 'nt'")
    assert (found.specifier, found.hashes) == ("==1.5", ("sha256:ab12",))
    assert found.marker == "os_name == 'nt'"


@pytest.mark.parametrize(
    ("text", "kind", "option", "value"),
    [
        ("--extra-index-url https://h/simple", "option", "--extra-index-url", "https://h/simple"),
        ("--index-url=https://h", "option", "--index-url", "https://h"),
        ("-i https://h", "option", "--index-url", "https://h"),
        ("-fhttps://h", "option", "--find-links", "https://h"),
        ("--find-links 'a b'", "option", "--find-links", "a b"),
        ("--pre", "option", "--pre", ""),
        ("--no-binary :all:", "option", "--no-binary", ":all:"),
        ("-r base.txt", "include", "--requirement", "base.txt"),
        ("-cc.txt", "constraint", "--constraint", "c.txt"),
    ],
)
def test_options(text, kind, option, value):
    found = read(text)
    assert (found.kind, found.option, found.value, found.error) == (kind, option, value, None)


def test_each_option_of_a_line():
    found = parse_all("--index-url http://h --trusted-host h --no-deps", HERE)
    assert [(o.option, bool(o.error)) for o in found] == [
        ("--index-url", False),
        ("--trusted-host", False),
        ("--no-deps", True),
    ]
    assert read("-r").kind == "invalid"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("diffusers=0.12.1", "diffusers==0.12.1"),
        ("transformers=~4.25", "transformers~=4.25"),
        ("a=>4.25 ; python_version < '3'", "a>=4.25; python_version < '3'"),
        ("a~=4", "a>=4,<5"),
        ("numpy=1.26.4=py311h64a7726_0", "numpy==1.26.4"),
        ('numpy=="1.2"', "numpy==1.2"),
        ("'numpy==1.2'", "numpy==1.2"),
        ("conda-forge::numpy=1.2", "numpy==1.2"),
        ("conda-forge/label/x::numpy", "numpy"),
        ("numpy 1.2", "numpy==1.2"),
        ("a>=1 <2", "a>=1,<2"),
        ("a>=1.*", "a>=1"),
        ("a==*", "a"),
        ("a^1.2.3", "a>=1.2.3,<2"),
        ("a^0.2.3", "a>=0.2.3,<0.3"),
        ("a@1.0", "a==1.0"),
        ("pip install a==1", "a==1"),
        ("a=1.0 --hash=sha256:aa", "a==1.0 --hash=sha256:aa"),
        ("a==", None),
        ("a==1.0|2.0", None),
        ("a==2019-01-x", None),
        ("{{ name }}", None),
        ("two words", None),
        ("a; nonsense == 1", None),
        ("===", None),
        ("", None),
    ],
)
def test_what_pip_rejects(text, meant):
    found = read(text)
    assert (found.kind, found.meant) == ("invalid", meant)
    assert found.error
    if meant:
        assert read(meant).kind == "name"


def test_hashes_comments_and_selectors():
    found = read("a==1 --hash=sha256:AA --hash sha256:bb  # [linux]")
    assert (found.hashes, found.selector, found.error) == (
        ("sha256:aa", "sha256:bb"),
        "linux",
        None,
    )
    assert read("a==1 --hash=md5:aa").error
    assert read("a==1 --no-deps").error
    assert read("git+https://h/r#egg=a").name == "a"


def test_length():
    assert read("a" * 5000).kind == "invalid"
    many = "a==1 " + " ".join(f"--hash=sha256:{n:064x}" for n in range(200))
    assert len(read(many).hashes) == 200


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a==1.0", True),
        ("a===1.0", True),
        ("a==1.*", False),
        ("a>=1", False),
        ("a", False),
        ("a==${V}", False),
        ("a @ https://h/a.whl#sha256=ab", True),
        ("a @ https://h/a.whl", False),
        ("git+https://h/r@" + "a" * 40, True),
        ("git+https://h/r@main", False),
        (".", False),
        ("a=1.0", False),
    ],
)
def test_pinned(text, answer):
    assert pinned(read(text)) is answer


def test_versions_allow():
    assert versions_allow(">=1,<2", "1.5") is True
    assert versions_allow(">=1,<2", "2.0a1") is False
    assert versions_allow("", "1.0rc1") is True
    assert versions_allow("=1", "1") is None
    assert versions_allow(">=1", "py39_0") is None


@given(st.text(max_size=80) | st.from_regex(r"[-\w.\[\]=<>~!@;#:/' \"{}$]{0,60}", fullmatch=True))
def test_never_raises(text):
    for found in parse_all(text, HERE):
        assert found.kind in KINDS
        assert found.text == text
        assert found.error or found.kind != "invalid"
        assert pinned(found) in (True, False)
    assert versions_allow(text, text) in (True, False, None)


CLAUSE = st.tuples(
    st.sampled_from(("==", ">=", "<=", "<", ">", "!=", "~=", "=", "=>", "")),
    st.sampled_from(("1", "1.2", "1.2.*", "2.0rc1", "1.0+l", "1!2", "x", "1.2.post1", " 3.0")),
).map("".join)


@given(st.lists(CLAUSE, max_size=3).map(",".join), st.sampled_from(("", "[x]", "[x,y]")))
def test_agrees_with_packaging(constraint, extras):
    text = f"name{extras}{constraint}"
    try:
        Judge(text)
    except InvalidRequirement:
        assert read(text).error
    else:
        assert read(text).error is None


@pytest.mark.parametrize("text", ["[" * 4000, "a" + "(" * 4000, "a;" + "(" * 4000, "-" * 4000])
@pytest.mark.parametrize("times", [1, 16])
def test_is_fast(text, times):
    started = time.thread_time()
    parse_all(text * times, HERE)
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    "text",
    ["a{}x", "a[b]{}x", "a{}@", "./a{}[b", "./a{}x[b]]", "a{}(", "a ==1{};{}x", "-e a{}x", "a[{}"],
)
@pytest.mark.parametrize("blank", [" ", "\t", "\n "])
def test_blanks_cost_linear_time(text, blank):
    began = time.thread_time()
    parse(text.replace("{}", blank * (3900 // len(blank) // text.count("{}"))), HERE)
    assert time.thread_time() - began < 0.2
