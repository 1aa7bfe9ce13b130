from __future__ import annotations

from pathlib import Path

import pytest

from conda_preflight.engines.index_settings import read_indexes

A, B, C, D = (f"https://{name}.example.org/simple" for name in "abcd")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home without any settings, whatever the machine has in /etc."""
    return tmp_path / "home"


def read(home, environ=None, project=None):
    return read_indexes({"PIP_CONFIG_FILE": "/dev/null"} | (environ or {}), home, project)


def test_nothing_said_is_nothing_known(home):
    found = read(home)
    assert (found.default, found.extra, found.find_links, found.no_index) == ("", (), (), False)


def test_variables_of_uv_come_before_those_of_pip(home):
    found = read(
        home,
        {
            "UV_DEFAULT_INDEX": A,
            "UV_INDEX": f"mine={B}",
            "PIP_INDEX_URL": C,
            "PIP_EXTRA_INDEX_URL": f"{D} {B}",
            "PIP_TRUSTED_HOST": "a.example.org",
            "PIP_CERT": "/ca.pem",
        },
    )
    assert found.default == A
    assert found.extra == (f"mine={B}", D, B)
    assert found.trusted_hosts == ("a.example.org",)
    assert found.certificates == "/ca.pem"


def test_pip_conf_is_read_where_pip_reads_it(home):
    for place, url in ((".config/pip", A), (".pip", B)):
        (home / place).mkdir(parents=True)
        (home / place / "pip.conf").write_text(
            f"[global]\nindex-url = {url}\nextra-index-url =\n    {C}\n    {D}\n"
            "[install]\nfind-links = /wheels\nno-index = true\n"
        )
    found = read_indexes({}, home)
    assert found.default == A
    assert found.extra[:2] == (C, D)
    assert "/wheels" in found.find_links
    assert found.no_index
    assert read(home).default == ""


def test_the_file_that_a_variable_names(home, tmp_path):
    own = tmp_path / "own.conf"
    own.write_text(f"[global]\nindex-url = {A}\n")
    assert read(home, {"PIP_CONFIG_FILE": str(own)}).default == A


def test_settings_of_the_project(home, tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.uv]\nextra-index-url = ["{D}"]\n'
        f'[[tool.uv.index]]\nname = "mine"\nurl = "{A}"\n'
        f'[[tool.uv.index]]\nurl = "{B}"\ndefault = true\n'
        f'[[tool.uv.index]]\nname = "one"\nurl = "{C}"\nexplicit = true\n'
    )
    found = read(home, project=tmp_path)
    assert found.default == B
    assert found.extra == (f"mine={A}", D)
    (tmp_path / "uv.toml").write_text(f'index-url = "{C}"\nkeyring-provider = "subprocess"\n')
    found = read(home, {"PIP_INDEX_URL": D}, tmp_path)
    assert (found.default, found.extra, found.keyring) == (D, (), True)


@pytest.mark.parametrize(
    "text", ["", "[[[", "index = 5\nindex-url = []", "index = [1, {url = 2}]", "x = '\\xff'"]
)
def test_settings_that_make_no_sense_say_nothing(home, tmp_path, text):
    (tmp_path / "uv.toml").write_text(text)
    (tmp_path / "pip.conf").write_text(text or "no section = 1")
    found = read(home, {"CONDA_PREFIX": str(tmp_path), "PIP_CONFIG_FILE": "/nonexistent"}, tmp_path)
    assert found.extra == () or all(isinstance(each, str) for each in found.extra)
    assert isinstance(found.default, str)
