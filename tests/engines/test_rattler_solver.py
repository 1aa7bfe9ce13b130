"""The solver on py-rattler: what it answers, and what it says where it cannot."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from solve_builder import ask, machine, versions

from conda_preflight.engines.rattler_refusal import is_panic, untried
from conda_preflight.engines.rattler_solver import RattlerSolver
from conda_preflight.solving import snapshot
from conda_preflight.solving.question import Question, Solved, Tier, Unsolvable, Untried
from conda_preflight.testing.channel import Fault, Server, on_platforms, record, write_channel

STACK = (
    record("app", "1.0", depends=["lib >=1"]),
    record("app", "2.0", depends=["lib >=2"]),
    record("lib", "1.0"),
    record("lib", "2.0"),
)


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def solver(cache):
    return RattlerSolver(30, cache)


def test_the_newest_that_goes_together(synthetic_channel, solver):
    channel = synthetic_channel(*STACK)
    assert versions(solver.solve(ask("app", channels=[channel]))) == ["app=2.0", "lib=2.0"]
    assert versions(solver.solve(ask("app", "lib=1", channels=[channel]))) == ["app=1.0", "lib=1.0"]
    assert (
        solver.solve(ask(channels=[channel])) == Solved(())
        or not solver.solve(ask("", channels=[channel])).packages
    )


def test_a_package_has_all_that_its_record_says(synthetic_channel, solver):
    row = record(
        "a",
        "1.0",
        build="py_3",
        build_number=3,
        noarch="python",
        subdir="noarch",
        constrains=["b <2"],
        license="MIT",
        track_features="x",
        timestamp=1_600_000_000_000,
    )
    (found,) = solver.solve(ask("a", channels=[synthetic_channel(row)])).packages
    assert (found.name, found.version, found.build, found.build_number) == ("a", "1.0", "py_3", 3)
    assert (found.subdir, found.platform, found.noarch) == ("noarch", "linux-64", "python")
    assert (found.sha256, found.md5, found.size) == (row["sha256"], row["md5"], 1000)
    assert (found.constrains, found.licence, found.timestamp) == (
        ("b <2",),
        "MIT",
        1_600_000_000_000,
    )
    assert found.url.endswith("/channel/noarch/a-1.0-py_3.conda")
    assert found.track_features == ("x",)


@pytest.mark.parametrize(("strict", "found"), [(True, "a=1.0"), (False, "a=2.0")])
def test_priority_of_channels(synthetic_channel, solver, strict, found):
    first = synthetic_channel(record("a", "1.0"), name="first")
    second = synthetic_channel(record("a", "2.0"), name="second")
    question = ask("a", channels=[first, second], strict=strict)
    assert versions(solver.solve(question)) == [found]


def test_what_strict_priority_hides_is_named(synthetic_channel, solver):
    first = synthetic_channel(record("a", "1.0"), name="first")
    second = synthetic_channel(record("a", "2.0"), name="second")
    question = ask("a=2", channels=[first, second])
    assert isinstance(solver.solve(question), Unsolvable)
    (offer,) = solver.offers(question)
    assert (offer.matching, offer.versions, offer.hidden) == ((), ("1.0",), ("second",))
    named = ask(f"{second.as_uri()}::a=2", channels=[first, second])
    assert versions(solver.solve(named)) == ["a=2.0"]


def test_several_channels_of_one_priority(synthetic_channel, solver):
    first = synthetic_channel(record("a", "1.0"), name="main")
    second = synthetic_channel(record("a", "2.0"), name="r")
    other = synthetic_channel(record("a", "3.0"), name="other")
    tiers = (
        Tier((first.as_uri(), second.as_uri()), "defaults"),
        Tier((other.as_uri(),), "other"),
    )
    question = replace(ask("a", channels=[]), tiers=tiers)
    assert versions(solver.solve(question)) == ["a=2.0"]
    assert versions(solver.solve(replace(question, specs=("defaults::a",)))) == ["a=2.0"]
    swapped = replace(question, specs=("defaults::a",), tiers=tiers[::-1])
    assert versions(solver.solve(swapped)) == ["a=2.0"]


def stamp(*date):
    return int(datetime(*date, tzinfo=UTC).timestamp() * 1000)


def test_newer_builds_are_left_out(synthetic_channel, solver):
    channel = synthetic_channel(
        record("a", "1.0", timestamp=stamp(2024, 1, 1)),
        record("a", "2.0", timestamp=stamp(2025, 1, 1)),
        record("b", "1.0", timestamp=stamp(2025, 1, 1)),
    )
    before = ask("a", channels=[channel], exclude_newer="2024-06-01T00:00:00+00:00")
    assert versions(solver.solve(before)) == ["a=1.0"]
    exact = replace(before, exclude_newer="2025-01-01T01:59:00+02:00")
    assert versions(solver.solve(exact)) == ["a=1.0"]
    gone = solver.solve(replace(before, specs=("b",)))
    assert "cutoff" in gone.tree


def test_each_platform_has_its_own_packages(tmp_path, solver):
    rows = on_platforms(("linux-64", "osx-arm64"), STACK[:3])
    channel = write_channel(tmp_path / "c", [*rows, STACK[3]], platforms=("win-64",))
    for platform, found in (("linux-64", "2.0"), ("osx-arm64", "1.0")):
        answer = solver.solve(ask("lib", channels=[channel], platform=platform))
        assert (versions(answer), answer.packages[0].subdir) == ([f"lib={found}"], platform)
    nothing = solver.solve(ask("lib", channels=[channel], platform="win-64"))
    assert isinstance(nothing, Unsolvable)


GPU = (
    record("torch", "2.0", build="cuda", build_number=1, depends=["__cuda >=12"]),
    record("torch", "2.0", build="cpu"),
    record("fast", "1.0", depends=["__cuda_arch >=8"]),
    record("vector", "1.0", depends=["__archspec 1.* x86_64_v3"]),
    record("old", "1.0", depends=["__glibc >=2.17"]),
    record("new", "1.0", depends=["__glibc >=2.34"]),
)


def test_the_machine_is_the_one_that_is_stated(synthetic_channel, solver):
    channel = synthetic_channel(*GPU)

    def build(**stated):
        answer = solver.solve(ask("torch", channels=[channel], virtual=machine(**stated)))
        return answer.packages[0].build

    assert (build(cuda="12.4"), build(cuda="11.8"), build()) == ("cuda", "cpu", "cpu")
    arch = ask("fast", channels=[channel], virtual=machine(cuda="12", cuda_arch="8.6"))
    assert isinstance(solver.solve(arch), Solved)
    assert isinstance(solver.solve(replace(arch, virtual_packages=machine())), Unsolvable)
    assert isinstance(solver.solve(ask("old", channels=[channel])), Solved)
    assert isinstance(solver.solve(ask("new", channels=[channel])), Unsolvable)
    assert isinstance(
        solver.solve(ask("new", channels=[channel], virtual=machine(glibc="2.35"))), Solved
    )


ASKING = """
import json, sys
from conda_preflight.engines.rattler_solver import RattlerSolver
from solve_builder import ask, machine
solver = RattlerSolver(30, sys.argv[2])
found = {}
for name in ("torch", "fast", "vector", "old", "new"):
    answer = solver.solve(ask(name, channels=[sys.argv[1]]))
    found[name] = [p.build for p in getattr(answer, "packages", ())]
print(json.dumps(found))
"""


def test_this_machine_is_never_asked(synthetic_channel, cache):
    """Whatever the machine that solves has or says of itself, the answers are the same."""
    channel = synthetic_channel(*GPU)
    boasts = {"CUDA": "13.0", "CUDA_ARCH": "9.0", "GLIBC": "2.99", "ARCHSPEC": "x86_64_v3"}
    found = []
    for more in ({}, {f"CONDA_OVERRIDE_{key}": value for key, value in boasts.items()}):
        done = subprocess.run(
            [sys.executable, "-c", ASKING, channel.as_uri(), str(cache)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **more},
        )
        found.append(json.loads(done.stdout))
    assert found[0] == found[1]
    assert found[0] == {"torch": ["cpu"], "fast": [], "vector": [], "old": ["0"], "new": []}


def test_locked_packages_stay_where_they_can(synthetic_channel, solver):
    channel = synthetic_channel(*STACK)
    older = solver.solve(ask("app=1", "lib=1", channels=[channel])).packages
    kept = ask("app", channels=[channel], locked=older)
    assert versions(solver.solve(kept)) == ["app=1.0", "lib=1.0"]
    moved = ask("app=2", channels=[channel], locked=older)
    assert versions(solver.solve(moved)) == ["app=2.0", "lib=2.0"]
    gone = tuple(replace(p, version="0.9") for p in older)
    assert versions(solver.solve(ask("app", channels=[channel], locked=gone))) == [
        "app=2.0",
        "lib=2.0",
    ]


def test_a_package_by_its_address(installable_channel, synthetic_channel, solver):
    other = installable_channel(record("a", "1.0", depends=["lib"]), name="other")
    file = next(other.glob("linux-64/*.conda"))
    answer = solver.solve(ask(file.as_uri(), channels=[synthetic_channel(*STACK)]))
    assert versions(answer) == ["a=1.0", "lib=2.0"]


def test_what_channels_have_of_each_spec(synthetic_channel, solver):
    channel = synthetic_channel(*STACK)
    offers = solver.offers(ask("app=1", "", "none", "lib>5", channels=[channel]))
    assert [(o.name, o.matching, o.versions) for o in offers] == [
        ("app", ("1.0",), ("1.0", "2.0")),
        ("", (), ()),
        ("none", (), ()),
        ("lib", (), ("1.0", "2.0")),
    ]
    assert solver.names(ask(channels=[channel])) == {"app", "lib"}


def test_the_same_question_is_asked_once(tmp_path, synthetic_channel, solver):
    with Server(synthetic_channel(*STACK)) as server:
        question = ask("app", channels=[server.url])
        first = solver.solve(question)
        asked = len(server.requests)
        assert solver.solve(ask("app", channels=[server.url])) is first
        assert len(server.requests) == asked


def test_threads_may_ask_one_solver(tmp_path, cache):
    platforms = ("linux-64", "osx-arm64", "win-64", "linux-aarch64")
    channel = write_channel(tmp_path / "c", on_platforms(platforms, STACK))
    questions = [ask("app", channels=[channel], platform=p) for p in platforms] * 4
    live = RattlerSolver(30, cache)
    kept = snapshot.read(snapshot.write(live.reachable(q) for q in questions[:4]))
    for solver in (RattlerSolver(30, cache), RattlerSolver(30, cache, kept)):
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(solver.solve, questions))
        assert all(versions(answer) == ["app=2.0", "lib=2.0"] for answer in found)
        assert [a.packages[0].subdir for a in found] == [q.platform for q in questions]


def test_a_snapshot_answers_as_the_channels_did(synthetic_channel, cache):
    rows = [*STACK, record("far", "1.0"), record("lib", "2.0", build="1", ending=".tar.bz2")]
    channel = synthetic_channel(*rows, *GPU)
    live = RattlerSolver(30, cache)
    question = ask("app", "torch", channels=[channel])
    kept = snapshot.read(snapshot.write([live.reachable(question)]))
    for file in channel.rglob("*"):
        if file.is_file():
            file.unlink()
    offline = RattlerSolver(30, cache, kept)
    answer = offline.solve(question)
    assert [vars_of(p) for p in answer.packages] == [
        vars_of(p) for p in live.solve(question).packages
    ]
    assert offline.names(question) == {"app", "lib", "torch"}
    assert isinstance(offline.solve(ask("far", channels=[channel])), Unsolvable)
    assert isinstance(offline.solve(ask("app", channels=["https://h.example.org/c"])), Unsolvable)
    assert not list(cache.parent.glob("conda-preflight-*"))


def vars_of(package):
    return {name: getattr(package, name) for name in type(package).__dataclass_fields__}


def test_a_channel_may_keep_its_archives_elsewhere(synthetic_channel, cache):
    channel = synthetic_channel(*STACK)
    file = channel / "linux-64/repodata.json"
    rows = json.loads(file.read_text())
    rows["info"]["base_url"] = "https://files.example.org/pool/"
    file.write_text(json.dumps(rows))
    file.with_name("repodata.json.zst").unlink()
    question = ask("app", channels=[channel])
    live = RattlerSolver(30, cache)
    kept = snapshot.read(snapshot.write([live.reachable(question)]))
    found = [
        [p.url for p in solver.solve(question).packages]
        for solver in (live, RattlerSolver(30, cache, kept))
    ]
    assert found[0] == found[1]
    assert found[0][0] == "https://files.example.org/pool/app-2.0-0.conda"


SECRET = "hunter2hunter2"  # noqa: S105


def test_no_credentials_in_a_snapshot(synthetic_channel, cache):
    channel = synthetic_channel(*STACK)
    with Server(channel) as server:
        inner = server.site
        server.site = lambda path, headers: inner(path.replace(f"/t/{SECRET}", ""), headers)
        url = f"{server.url.replace('://', f'://me:{SECRET}@')}/t/{SECRET}"
        question = ask("app", channels=[url])
        live = RattlerSolver(30, cache)
        answer = live.solve(question)
        assert versions(answer) == ["app=2.0", "lib=2.0"]
        data = snapshot.write([live.reachable(question)])
        kept = snapshot.read(data)
        (offer,) = live.offers(question)
    assert SECRET not in json.dumps([[*key, rows] for key, rows in kept.records.items()])
    assert {url for url, _ in kept.records} == {server.url}
    assert (offer.matching, SECRET in repr(offer)) == (("1.0", "2.0"), False)
    again = RattlerSolver(30, cache, kept).solve(question)
    assert [p.sha256 for p in again.packages] == [p.sha256 for p in answer.packages]


@pytest.mark.parametrize(
    ("fault", "reason", "hint"),
    [
        ({"status": 401}, "401 Unauthorized", "Log in"),
        ({"status": 403}, "403 Forbidden", "Log in"),
        ({"status": 404}, "404 Not Found", "channel's name"),
        ({"cut": True, "after": 40}, "body", "try again"),
        ({"body": b"<html>log in here</html>"}, "", "no repodata"),
    ],
)
def test_a_server_with_a_fault_is_a_sentence(synthetic_channel, cache, fault, reason, hint):
    with Server(synthetic_channel(*STACK), Fault("*repodata*", **fault)) as server:
        url = server.url.replace("://", f"://me:{SECRET}@")
        answer = RattlerSolver(20, cache).solve(ask("app", channels=[url]))
    assert isinstance(answer, Untried)
    assert reason in answer.reason
    assert hint in answer.hint
    assert SECRET not in answer.reason
    assert len(answer.reason) < 700


@pytest.mark.parametrize("status", [429, 500])
def test_a_server_that_is_busy_is_asked_again(synthetic_channel, cache, status):
    fault = Fault("*", status=status, headers={"Retry-After": "0"}, times=2)
    with Server(synthetic_channel(*STACK), fault) as server:
        answer = RattlerSolver(20, cache).solve(ask("app", channels=[server.url]))
        assert versions(answer) == ["app=2.0", "lib=2.0"]
        server.faults.append(Fault("*", status=status))
        gone = RattlerSolver(20, cache / "other").solve(ask("app", channels=[server.url]))
    assert str(status) in gone.reason
    assert "try again later" in gone.hint


@pytest.mark.parametrize("after", [0, 50])
def test_a_silent_server_is_left(synthetic_channel, cache, after):
    with Server(synthetic_channel(*STACK), Fault("*", stall=math.inf, after=after)) as server:
        start = time.monotonic()
        answer = RattlerSolver(1, cache).solve(ask("app", channels=[server.url]))
        assert time.monotonic() - start < 5
    assert isinstance(answer, Untried)


def test_a_channel_that_is_not_there(tmp_path, cache):
    solver = RattlerSolver(10, cache)
    nowhere = solver.solve(ask("a", channels=[tmp_path / "none"]))
    assert (type(nowhere), "channel's path" in nowhere.hint) == (Untried, True)
    closed = solver.solve(ask("a", channels=["http://127.0.0.1:9"]))
    assert (type(closed), "--offline" in closed.hint) == (Untried, True)
    odd = solver.solve(ask("a", channels=["gopher://h.example.org/c"]))
    assert isinstance(odd, Untried)
    question = ask("a", channels=[tmp_path / "none"])
    assert isinstance(solver.names(question), Untried)
    assert isinstance(solver.offers(question), Untried)
    assert isinstance(solver.reachable(question), Untried)


def test_a_channel_without_noarch_is_no_channel(synthetic_channel, cache):
    channel = synthetic_channel(*STACK)
    for file in (channel / "noarch").iterdir():
        file.unlink()
    (channel / "noarch").rmdir()
    answer = RattlerSolver(10, cache).solve(ask("app", channels=[channel]))
    assert (type(answer), "noarch" in answer.reason) == (Untried, True)


HOSTILE = [
    '{"packages":',
    "[]",
    "null",
    "[" * 100_000,
    '{"info":{"subdir":"linux-64"},"packages":{"../../a-1-0.conda":{}}}',
    *(
        json.dumps({"packages": {}, "packages.conda": {"a-1-0.conda": row}})
        for base in [
            {"name": "a", "version": "1", "build": "0", "build_number": 0, "subdir": "linux-64"}
        ]
        for row in (
            {**base, "depends": None},
            {**base, "depends": [], "version": "%%"},
            {**base, "depends": [], "version": "1." * 50_000},
            {**base, "depends": [">>>"]},
            {**base, "depends": ["b [[[["]},
            {**base, "depends": ["b\x00"]},
            {**base, "depends": ["b * ^((("]},
            {**base, "depends": ["a ==2"]},
            {**base, "depends": [], "timestamp": 2**62},
            {**base, "depends": [], "build_number": 2**70},
            {**base, "depends": [], "size": -1},
            {**base, "depends": [], "sha256": "zz"},
            {**base, "depends": [], "noarch": "odd"},
            {**base, "depends": [], "track_features": [1]},
            {**base, "depends": [], "name": "../b"},
            {**base, "depends": [], "license": "\x1b[2J\n" * 100},
        )
    ),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_repodata_is_never_an_exception(synthetic_channel, cache, number):
    channel = synthetic_channel(record("x", "1"))
    file = channel / "linux-64/repodata.json"
    file.write_text(HOSTILE[number])
    file.with_name("repodata.json.zst").unlink()
    solver = RattlerSolver(20, cache)
    question = ask("a", channels=[channel])
    answer = solver.solve(question)
    assert isinstance(answer, Solved | Unsolvable | Untried)
    if isinstance(answer, Untried):
        assert 0 < len(answer.reason) < 700
    assert solver.offers(question) is not None
    assert solver.reachable(question) is not None


@pytest.mark.parametrize("spec", ["a >>> 1", "a[[", "\x00", "a=99999999999999999999999", "é", "*"])
def test_a_spec_that_cannot_be_read_is_a_sentence(synthetic_channel, solver, spec):
    question = ask(spec, channels=[synthetic_channel(*STACK)])
    assert isinstance(solver.solve(question), Untried)
    assert isinstance(solver.offers(question), Untried)


def test_odd_questions_are_sentences(synthetic_channel, cache):
    channel = synthetic_channel(*STACK)
    question = ask("app", channels=[channel])
    solver = RattlerSolver(10, cache)
    odd = [
        replace(question, platform="plan9-64"),
        replace(question, platform="../../x"),
        replace(question, virtual_packages=machine(cuda="%%")),
        replace(question, exclude_newer="yesterday"),
    ]
    for each in odd:
        assert isinstance(solver.solve(each), Untried), each
    assert isinstance(RattlerSolver(math.nan, cache).solve(question), Untried)
    assert isinstance(RattlerSolver(-1, cache).solve(question), Untried)


def test_a_panic_of_the_library_is_a_sentence(monkeypatch, synthetic_channel, cache):
    panic = type("PanicException", (BaseException,), {})

    class Panicking(RattlerSolver):
        def _open(self):
            raise panic("index out of bounds")

    answer = Panicking(10, cache).solve(ask("app", channels=[synthetic_channel(*STACK)]))
    assert (type(answer), answer.reason) == (Untried, "index out of bounds")
    assert not is_panic(KeyboardInterrupt())


def test_an_interruption_is_not_swallowed(synthetic_channel, cache):
    class Interrupted(RattlerSolver):
        def _open(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Interrupted(10, cache).solve(ask("app", channels=[synthetic_channel(*STACK)]))


def test_a_reason_is_bounded_and_says_no_secret():
    found = untried(f"bad https://u:{SECRET}@h.example.org/t/{SECRET}/c\nCaused by:\n" + "x" * 9999)
    assert (SECRET in found.reason, len(found.reason) <= 600) == (False, True)
    assert "Caused by" not in found.reason


def test_the_question_is_never_changed(synthetic_channel, solver):
    question = ask("app", channels=[synthetic_channel(*STACK)])
    copy = Question(**{name: getattr(question, name) for name in Question.__dataclass_fields__})
    solver.solve(question)
    assert question == copy
