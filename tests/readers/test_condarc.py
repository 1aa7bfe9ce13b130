from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lock_texts import assert_reads_or_refuses, mutated, source

from conda_preflight.documents import Condarc, Layout, Location
from conda_preflight.errors import ReadError
from conda_preflight.facts import condarc_keys
from conda_preflight.opening import open_source
from conda_preflight.readers import condarc

BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", BESIDE)) / "condarc"
TEXT = """\
# comment
channels:
  - conda-forge
  - https://conda.example.org/x
channel_priority: strict
verify_ssl: False
proxy_servers:
  https: https://u:p@proxy.example.org
custom_multichannels:
  both: [a, b]
channel_settings:
  - channel: https://conda.example.org/*
    auth: basic
override_channels_enabled: ~
chanels: [defaults]
"""


def read(text: str) -> tuple[Condarc, Layout]:
    settings, layout = condarc.read(source(text, ".condarc"))
    assert isinstance(settings, Condarc)
    assert isinstance(layout, Layout)
    return settings, layout


def test_settings():
    found, layout = read(TEXT)
    assert {s.key: s.value for s in found.settings} == {
        "channels": ("conda-forge", "https://conda.example.org/x"),
        "channel_priority": "strict",
        "ssl_verify": "False",
        "proxy_servers": (("https", "https://u:p@proxy.example.org"),),
        "custom_multichannels": (("both", "a"), ("both", "b")),
        "channel_settings": (("channel", "https://conda.example.org/*"), ("auth", "basic")),
        "override_channels_enabled": "",
        "chanels": ("defaults",),
    }
    channels = found.get("channels")
    assert channels
    assert channels.location == Location(".condarc", 2, 1, 8)
    assert channels.places[1] == Location(".condarc", 4, 5, 27)
    assert [name.text for name in layout.unknown] == ["chanels"]
    assert (layout.kind, layout.documents, layout.duplicates) == ("condarc", 1, ())


def test_last_of_two_names_wins():
    found, layout = read("ssl_verify: true\nverify_ssl: false\nchannels: [a]\nchannels: [b]\n")
    setting = found.get("ssl_verify")
    assert setting
    assert setting.value == "false"
    assert [d.key for d in layout.duplicates] == ["channels"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~"])
def test_empty(text):
    found, layout = read(text)
    assert (found.settings, layout.documents) == ((), 1)


def test_second_document():
    layout = read("channels: [a]\n---\nssl_verify: false\n")[1]
    assert (layout.documents, layout.second) == (2, Location(".condarc", 2, 1))


@pytest.mark.parametrize(
    "text", ["- a\n", "text", "a: ]", "channels: " + "[" * 20 + "a" + "]" * 20, "{% if x %}\n"]
)
def test_refuses(text):
    with pytest.raises(ReadError) as refusal:
        read(text)
    assert refusal.value.line == 1


def test_aliases_are_bounded():
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 6)]
    with pytest.raises(ReadError):
        read("\n".join(rows))
    deep = ["a0: &a0 {k: v}"] + [f"a{n}: &a{n} {{k: *a{n - 1}}}" for n in range(1, 3000)]
    with pytest.raises(ReadError):
        read("\n".join(deep))


@pytest.mark.parametrize(
    ("path", "text", "answer"),
    [
        (".condarc", "", True),
        ("docker/condarc", "channels: [a]\n", True),
        ("team.condarc", "x", True),
        ("dot_condarc", "", True),
        ("ci/condarc-defaults", "", True),
        ("condarc.defaults", "", True),
        ("condarc.d/10-channels.yml", "channels: [a]\n", True),
        (".mambarc", "", True),
        ("settings.yml", "channels: [a]\nchannel_priority: strict\n", True),
        ("condarc_keys.py", "", False),
        ("condarc.md", "", False),
        ("notcondarc", "", False),
        ("environment.yml", "channels: [a]\ndependencies: [b]\n", False),
        ("channels.yml", "channels: [a]\n", False),
        ("compose.yml", "services:\n", False),
    ],
)
def test_recognizes(path, text, answer):
    assert condarc.recognizes(source(text, path)) is answer


def test_table_of_keys():
    assert set(condarc_keys.ALIASES.values()) <= condarc_keys.CONDA
    assert not set(condarc_keys.ALIASES) & condarc_keys.KEYS
    assert not condarc_keys.CONDA & condarc_keys.MAMBA
    assert condarc_keys.canonical("auto_activate_base") == "auto_activate"
    assert condarc_keys.canonical("nonsense") == "nonsense"


def real() -> list[str]:
    index = CORPUS / "index.csv"
    if not index.exists():
        skip = pytest.mark.skip(reason="the collection of real files is not on this machine")
        return [pytest.param("", marks=(pytest.mark.corpus, skip))]
    with index.open(encoding="utf-8", newline="") as stream:
        names = [row["file"] for row in csv.DictReader(stream)]
    return [pytest.param(name, marks=pytest.mark.corpus) for name in names]


@pytest.mark.parametrize("name", real())
def test_real_files(name):
    given = open_source(CORPUS / name, name)
    assert condarc.recognizes(given)
    found = condarc.read(given)[0]
    assert isinstance(found, Condarc)
    assert found.settings
    for setting in found.settings:
        assert (
            given.line(setting.location.line)
            .lstrip()
            .startswith(tuple("abcdefghijklmnopqrstuvwxyz"))
        )


@given(mutated(TEXT) | st.text())
@example(TEXT[:303] + "\r0")
def test_reads_or_refuses(text):
    assert_reads_or_refuses(condarc, text, ".condarc")


def test_lines_are_those_of_an_editor():
    found = read("channel_alias: 'a\u2028b\x85c'\nssl_verify: false\n")[0]
    assert [s.location.line for s in found.settings] == [1, 2]
