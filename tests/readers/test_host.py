from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lock_texts import assert_reads_or_refuses, mutated, source

from conda_preflight.documents import GPU, Host, Layout, Location, Trial
from conda_preflight.documents.host import UNLIMITED
from conda_preflight.errors import ReadError
from conda_preflight.readers import host

FACTS = {
    "schema": "conda-preflight/host/1",
    "os": "linux",
    "arch": "x86_64",
    "glibc": "2.31",
    "kernel": "5.15.0-91-generic",
    "driver": "525.105.17",
    "cuda": "12.0",
    "gpus": [{"name": "NVIDIA A100-SXM4-80GB", "capability": "8.0", "memory_mib": 81920}],
    "archspec": "x86_64_v3",
    "shm_mib": 64,
    "memlock_kib": 64,
}
TEXT = json.dumps(FACTS, indent=2)


def read(text: str) -> tuple[Host, Layout]:
    found, layout = host.read(source(text, "a100.json"))
    assert isinstance(found, Host)
    assert isinstance(layout, Layout)
    return found, layout


def test_facts():
    found, layout = read(TEXT)
    assert (found.os, found.arch, found.archspec) == ("linux", "x86_64", "x86_64_v3")
    assert (found.glibc, found.kernel) == ("2.31", "5.15.0-91-generic")
    assert (found.driver, found.cuda) == ("525.105.17", "12.0")
    assert found.gpus == (GPU("NVIDIA A100-SXM4-80GB", "8.0", 81920),)
    assert (found.shm_mib, found.memlock_kib) == (64, 64)
    assert found.location == Location("a100.json", 1, 1)
    assert (layout.kind, layout.unknown, layout.duplicates) == ("host", (), ())


def test_what_is_left_out_is_unknown():
    for text in ("{}", '{"os": null, "gpus": null, "shm_mib": null}'):
        found = read(text)[0]
        assert (found.os, found.glibc, found.cuda, found.gpus, found.shm_mib) == (
            "",
            "",
            "",
            None,
            None,
        )
    assert read('{"gpus": []}')[0].gpus == ()
    assert read('{"gpus": [{}]}')[0].gpus == (GPU(""),)
    assert read('{"memlock_kib": "unlimited"}')[0].memlock_kib == UNLIMITED


def test_remarks():
    layout = read(
        '{\n "glib": "2.31",\n "os": "linux",\n "os": "linux",\n "gpus": [{"mem": 1}]\n}'
    )[1]
    assert [(n.text, n.location.line) for n in layout.unknown] == [("glib", 2), ("gpus[0].mem", 5)]
    assert [(d.key, d.first.line, d.location.line) for d in layout.duplicates] == [("os", 3, 4)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", "conda-preflight/host/2"),
        ("schema", 1),
        ("os", "solaris"),
        ("arch", 64),
        ("glibc", 2.31),
        ("glibc", "two"),
        ("cuda", 12),
        ("driver", ["525"]),
        ("kernel", "5.15\nx"),
        ("gpus", {}),
        ("gpus", 1),
        ("gpus", ["A100"]),
        ("gpus", [{}] * 2000),
        ("archspec", True),
        ("shm_mib", "64"),
        ("shm_mib", -1),
        ("shm_mib", True),
        ("memlock_kib", 1.5),
        ("memlock_kib", 2**70),
    ],
)
def test_wrong_types(key, value):
    text = f'{{\n "arch_": 1,\n "{key}": {json.dumps(value)}}}'
    with pytest.raises(ReadError) as refusal:
        read(text)
    assert (refusal.value.line, refusal.value.column) == (3, 2)
    assert key in refusal.value.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("[]", 1),
        ('{"os": "linux",\n}', 2),
        ('{"shm_mib": NaN}', 0),
        ('{"shm_mib": ' + "9" * 5000 + "}", 0),
        ("[" * 100_000, 0),
        ('{"gpus": [{"capability": "new"}]}', 1),
        (" " * 2_000_000, 0),
    ],
)
def test_refuses(text, line):
    with pytest.raises(ReadError) as refusal:
        read(text)
    assert refusal.value.line == line


def test_names_can_be_shown():
    layout = read('{"\\ud800": 1}')[1]
    assert layout.unknown[0].text.encode()


@pytest.mark.parametrize(
    ("text", "answer"),
    [(TEXT, True), (json.dumps(FACTS), True), ("{}", False), ("[]", False), ("", False)],
)
def test_recognizes(text, answer):
    assert host.recognizes(source(text, "x.json")) is answer


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
SHEETS = st.dictionaries(st.sampled_from(sorted(host.KEYS)) | st.text(max_size=4), JSON, max_size=6)


@given(mutated(TEXT) | st.text() | SHEETS.map(json.dumps))
def test_reads_or_refuses(text):
    assert_reads_or_refuses(host, text, "a100.json")


def test_facts_of_a_machine_and_trials():
    text = json.dumps(
        {
            "node": {
                "nvml": "ok",
                "gpu.0.ecc": "on",
                "variable.CUDA_VISIBLE_DEVICES": "",
                "x": None,
            },
            "trials": [{"step": "torch.matmul", "status": "failed", "facts": {"b": "2", "a": "1"}}],
        }
    )
    found = read(text)[0]
    assert found.node == (
        ("gpu.0.ecc", "on"),
        ("nvml", "ok"),
        ("variable.CUDA_VISIBLE_DEVICES", ""),
    )
    assert found.trials == (Trial("torch.matmul", "failed", "", (("a", "1"), ("b", "2"))),)
    assert (read("{}")[0].node, read('{"trials": null, "node": null}')[0].trials) == ((), ())


def test_remarks_about_a_machine_and_trials():
    layout = read('{"node": {"a": "1", "a": "2"}, "trials": [{"status": "passed", "odd": 1}]}')[1]
    assert [n.text for n in layout.unknown] == ["trials[0].odd"]
    assert [d.key for d in layout.duplicates] == ["a"]


@pytest.mark.parametrize(
    "sheet",
    [
        {"node": []},
        {"node": {"a": 1}},
        {"node": {"a": "x" * 1025}},
        {"node": {"a": "esc\x1b"}},
        {"node": {"": "x"}},
        {"node": {"a b": "x"}},
        {"node": {"x" * 129: "x"}},
        {"node": {str(n): "" for n in range(4001)}},
        {"trials": {}},
        {"trials": ["x"]},
        {"trials": [{"step": "x"}]},
        {"trials": [{"step": "x", "status": "fine"}]},
        {"trials": [{"step": 1, "status": "passed"}]},
        {"trials": [{"step": "x", "status": "passed", "facts": {"a": {}}}]},
        {"trials": [{"status": "passed"}] * 501},
    ],
)
def test_facts_that_no_machine_has(sheet):
    with pytest.raises(ReadError):
        read(json.dumps(sheet))
