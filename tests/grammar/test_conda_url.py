from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.grammar import conda_url, pypi_url


def test_file_name_is_name_version_build():
    found = conda_url.parse("numpy-1.26.4-py311h7125741_0.conda")
    assert found == conda_url.Artifact("numpy", "1.26.4", "py311h7125741_0")
    assert found.build_number == 0


@pytest.mark.parametrize(
    ("url", "name", "subdir", "channel"),
    [
        (
            "https://a.example.org/conda-forge/noarch/a-b-1-0.tar.bz2",
            "a-b",
            "noarch",
            "conda-forge",
        ),
        (
            "https://a.example.org/t/xx-1/c/label/dev/osx-arm64/a-1-0.conda",
            "a",
            "osx-arm64",
            "c/label/dev",
        ),
        (
            "https://repo.anaconda.com/pkgs/main/linux-64/a-1-0.conda#abc",
            "a",
            "linux-64",
            "pkgs/main",
        ),
        ("/opt/chan/win-64/a-1-0.conda?x=1", "a", "win-64", "/opt/chan"),
        ("https://a.example.org/files/a-1-0.conda", "a", "", ""),
    ],
)
def test_place_gives_subdir_and_channel(url, name, subdir, channel):
    found = conda_url.parse(url)
    assert (found.name, found.subdir, found.channel) == (name, subdir, channel)


def test_percent_signs_are_decoded():
    assert conda_url.parse("https://a/linux-64/x264-1%21164-h1_2.conda").version == "1!164"


@pytest.mark.parametrize(
    "url", ["", "a.conda", "a-1.conda", "-1-0.conda", "a-1-0.zip", "https://a/"]
)
def test_other_names_are_no_artifact(url):
    assert conda_url.parse(url) is None


@pytest.mark.parametrize(
    ("build", "number"), [("py_0", 0), ("7", 7), ("h1_20_cpython", None), ("", None), ("a_²", None)]
)
def test_build_number(build, number):
    assert conda_url.build_number(build) == number


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a/Flask_Login-0.6-py3-none-any.whl", ("flask-login", "0.6")),
        ("https://a/torch-2.1%2Bcu121-cp311-cp311-linux_x86_64.whl", ("torch", "2.1+cu121")),
        ("https://a/my-pkg-1.0.tar.gz#sha256=ab", ("my-pkg", "1.0")),
        ("git+https://a/b.git@main", ("", "")),
        ("https://a/archive/main.zip", ("", "")),
    ],
)
def test_distribution_names(url, found):
    assert pypi_url.parse(url) == found


@given(st.text(max_size=80))
def test_any_text_is_parsed(text):
    conda_url.parse(text)
    pypi_url.parse(text)
