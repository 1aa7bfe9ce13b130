from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conda_preflight.documents import Location, Spec
from conda_preflight.grammar.match_spec import parse

HERE = Location("environment.yml", 3, 5, 9)


def read(text: str, **options) -> Spec:
    return parse(text, HERE, **options)


@pytest.mark.parametrize(
    ("text", "name", "version", "build"),
    [
        ("numpy", "numpy", None, None),
        ("  NumPy ", "numpy", None, None),
        ("numpy 1.2", "numpy", "==1.2", None),
        ("numpy=1.2", "numpy", "=1.2", None),
        ("numpy = 1.2", "numpy", "=1.2", None),
        ("numpy==1.2", "numpy", "==1.2", None),
        ("numpy===1.2", "numpy", "==1.2", None),
        ("numpy=1.2.*", "numpy", "=1.2.*", None),
        ("numpy==1.2.*", "numpy", "1.2.*", None),
        ("numpy 1.2.*", "numpy", "1.2.*", None),
        ("numpy=2.1*", "numpy", "=2.1*", None),
        ("numpy=1.*.3", "numpy", "=1.*.3", None),
        ("numpy=*", "numpy", None, None),
        ("numpy==*", "numpy", None, None),
        ("numpy *", "numpy", None, None),
        ("numpy>=1.2,<2", "numpy", ">=1.2,<2", None),
        ("numpy >= 1.2 , < 2", "numpy", ">=1.2,<2", None),
        ("numpy >=1.2, <2", "numpy", ">=1.2,<2", None),
        ("numpy>= 1.2,<= 2", "numpy", ">=1.2,<=2", None),
        ("numpy=1.2,<2", "numpy", "=1.2,<2", None),
        ("numpy!=1.2.*", "numpy", "!=1.2.*", None),
        ("numpy~=1.2", "numpy", "~=1.2", None),
        ("numpy~=2", "numpy", "~=2", None),
        ("numpy 1.*|2.*", "numpy", "1.*|2.*", None),
        ("python<3.9|>=3.10", "python", "<3.9|>=3.10", None),
        ("numpy <2.0a0", "numpy", "<2.0a0", None),
        ("openssl=1.1.1w", "openssl", "=1.1.1w", None),
        ("tzdata=2021a", "tzdata", "=2021a", None),
        ("jpeg=9e", "jpeg", "=9e", None),
        ("x264=1!164.3095", "x264", "=1!164.3095", None),
        ("x264=1!164.3095=h166bdaf_2", "x264", "==1!164.3095", "h166bdaf_2"),
        ("_libgcc_mutex=0.1=main", "_libgcc_mutex", "==0.1", "main"),
        ("__cuda>=12", "__cuda", ">=12", None),
        ("ruamel.yaml.clib=0.2", "ruamel.yaml.clib", "=0.2", None),
        ("numpy=1.2=py39_0", "numpy", "==1.2", "py39_0"),
        ("numpy==1.2=py39_0", "numpy", "==1.2", "py39_0"),
        ("numpy 1.2 py39_0", "numpy", "==1.2", "py39_0"),
        ("numpy 1.2=py39_0", "numpy", "==1.2", "py39_0"),
        ("numpy=1.2 py39_0", "numpy", "==1.2", "py39_0"),
        ("numpy = 1.2 = py39_0", "numpy", "==1.2", "py39_0"),
        ("numpy>=1.2=py39_0", "numpy", ">=1.2", "py39_0"),
        ("numpy >=1.2, <2 py39_0", "numpy", ">=1.2,<2", "py39_0"),
        ("numpy=1.2,<2=py_0", "numpy", "=1.2,<2", "py_0"),
        ("numpy=*=py39_0", "numpy", None, "py39_0"),
        ("numpy * *mkl*", "numpy", None, "*mkl*"),
        ("libblas=*=*_openblas", "libblas", None, "*_openblas"),
        ("pytorch=2.*=*cuda*", "pytorch", "2.*", "*cuda*"),
        ("numpy[version='>=1.2']", "numpy", ">=1.2", None),
        ('numpy[version=">=1,<2", build=py_0]', "numpy", ">=1,<2", "py_0"),
        ("numpy[version='>=1,(<2|>3)']", "numpy", ">=1,(<2|>3)", None),
        ("numpy[version==1.2]", "numpy", "=1.2", None),
        ("numpy=1.2[build=py*]", "numpy", "=1.2", "py*"),
        ("numpy 1.2 [build=py_0]", "numpy", "==1.2", "py_0"),
        ("numpy[md5=0123456789abcdef0123456789abcdef]", "numpy", None, None),
        ("numpy>=1  # newest", "numpy", ">=1", None),
        ("numpy=1.2 #[linux]", "numpy", "=1.2", None),
        ("numpy ^1.2$", "numpy", "^1.2$", None),
    ],
)
def test_parts(text, name, version, build):
    spec = read(text)
    assert (spec.name, spec.version, spec.build) == (name, version, build)
    assert (spec.error, spec.meant, spec.location, spec.text) == (None, None, HERE, text)


@pytest.mark.parametrize(
    ("text", "channel", "name"),
    [
        ("conda-forge::numpy", "conda-forge", "numpy"),
        ("conda-forge/linux-64::numpy=1.2", "conda-forge/linux-64", "numpy"),
        ("dglteam/label/cu118::dgl", "dglteam/label/cu118", "dgl"),
        ("pkgs/main::numpy", "pkgs/main", "numpy"),
        ("https://host.example.org/x::numpy=1.2", "https://host.example.org/x", "numpy"),
        ("https://host.example.org:8080/x::numpy", "https://host.example.org:8080/x", "numpy"),
        ("numpy[channel=conda-forge]", "conda-forge", "numpy"),
        ("a::numpy[channel='b', version='1.2.*']", "b", "numpy"),
        ("conda-forge::numpy[version='>=1:2']", "conda-forge", "numpy"),
    ],
)
def test_channels(text, channel, name):
    spec = read(text)
    assert (spec.channel, spec.name) == (channel, name)


def test_platform_in_brackets():
    assert read("numpy[subdir=linux-64]").platforms == ("linux-64",)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("numpy=>2.1", "numpy>=2.1"),
        ("numpy =< 2.1", "numpy<=2.1"),
        ("numpy>=1,=<2", "numpy>=1,<=2"),
        ("numpy=!1.2", "numpy!=1.2"),
        ("numpy=~1.2", "numpy~=1.2"),
        ("numpy='1.2'", "numpy=1.2"),
        ('numpy=="1.2"', "numpy==1.2"),
        ("numpy=\u201c1.2\u201d", "numpy=1.2"),
        ("numpy>=1.10<2", "numpy>=1.10,<2"),
        ("numpy >1.2 <3", "numpy>1.2,<3"),
        ("numpy>=1.2,", "numpy>=1.2"),
        ("numpy=^1.2", "numpy>=1.2,<2"),
        ("numpy ^0.3.1", "numpy>=0.3.1,<0.4"),
        ("numpy (>=1.0)", "numpy>=1.0"),
        ("numpy=latest", "numpy"),
        ("conda-forge:numpy=1.2", "conda-forge::numpy=1.2"),
        ("conda-forge::numpy=>2", "conda-forge::numpy>=2"),
    ],
)
def test_mistakes_with_one_meaning(text, meant):
    spec = read(text)
    assert spec.error
    assert spec.meant == meant
    assert read(spec.meant).error is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "# only a comment",
        "-e .",
        "--extra-index-url https://example.org/simple",
        "git+https://example.org/x.git",
        "numpy @ https://example.org/numpy.whl",
        "./local",
        "https://example.org/x/y",
        "numpy;python_version<'3'",
        "numpy>=1; sys_platform == 'linux'",
        "ray[default]",
        "ray[default]=2.0",
        "numpy[version='1.2'",
        "numpy[version=1][build=2]",
        "pip:numpy",
        "numpy scipy",
        "numpy,scipy",
        "numpy==",
        "numpy>=",
        "numpy=",
        "numpy=1..2",
        "numpy=1.2=py_0=foo",
        "numpy=1.2==py_0",
        "numpy>=1.2,,<3",
        "numpy><1",
        "numpy~1.2",
        "numpy~=1.2.*",
        "numpy>=1,(<2|>3)",
        "numpy={{ version }}",
        "numpy=$VERSION",
        "numpy if python<3",
        "numpy[version='=>2']",
        "foo.conda",
        "x" * 5000,
    ],
)
def test_what_conda_refuses_or_misreads(text):
    spec = read(text)
    assert spec.error
    assert spec.meant is None


def test_pixi_groups_versions_with_parentheses():
    spec = read("numpy >=1,(<2|>3)", grouped=True)
    assert (spec.error, spec.version) == (None, ">=1,(<2|>3)")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/conda-forge/linux-64/foo-bar-1.2-py_0.conda",
        "https://example.org/t/linux-64/foo-bar-1.2-py_0.tar.bz2#0123456789abcdef",
        r"C:\cache\foo-bar-1.2-py_0.conda",
    ],
)
def test_package_files(text):
    spec = read(text)
    assert (spec.name, spec.version, spec.build) == ("foo-bar", "==1.2", "py_0")
    assert spec.url == text.partition("#")[0]


def test_selector_is_kept():
    assert read("numpy", selector="linux").selector == "linux"


_WORDS = "numpy :: : = == > < ! ~ , | ( ) [ ] * 1.2 version= ' # ; ^ $ .conda / @ if"
_PIECES = st.sampled_from([*_WORDS.split(), '"', "\\", "\u2028"])


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(_PIECES, max_size=12).map("".join),
        st.lists(_PIECES, max_size=9).map(" ".join),
    )
)
@example("=")
@example("::")
@example("a[")
@example("a][")
@example("a =^$")
def test_never_raises(text):
    spec = read(text)
    assert spec.text == text
    assert spec.name == spec.name.lower()
    if spec.meant is not None:
        assert spec.error


@pytest.mark.parametrize("piece", ["=", "[", " ", ",", "(", "::", "a=", "<1", "'", "^1", "|", "1."])
def test_long_texts_are_quick(piece):
    start = time.thread_time()
    read("numpy" + piece * (2000 // len(piece)))
    assert time.thread_time() - start < 0.5


@pytest.mark.parametrize("part", ["a_", "a=", "a ", "a=b ", "a='", " ", "=", "a\t= "])
def test_brackets_cost_linear_time(part):
    began = time.thread_time()
    read("a[" + part * (2000 // len(part)) + '"]')
    assert time.thread_time() - began < 0.02
