"""Answers of nodes: what differs, who is odd, what is said of it, whatever a node sends."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from conda_preflight.answers.fleet_sheets import sheets
from conda_preflight.answers.projects_sheets import sheets as of_projects
from conda_preflight.cli import fleet, fleet_ways, main
from conda_preflight.errors import UsageError
from conda_preflight.fleet import clocks, listing, log_lines, ray_session, saved
from conda_preflight.fleet.answers import Clock, Listing, NodeAnswer, read, read_named, written
from conda_preflight.fleet.collect import Request, collect, read_request, request_json, resolved
from conda_preflight.fleet.differences import differences, unlike
from conda_preflight.fleet.outcome import compared
from conda_preflight.fleet.project_results import LINES, Result, Results
from conda_preflight.fleet.project_results import read as read_results
from conda_preflight.fleet.projects_summary import UNJUDGED, summary
from conda_preflight.fleet.ray_projects import named
from conda_preflight.report import Verdict

GO = {"verdict": "GO"}


def node(name, reason="", **measured):
    return NodeAnswer(name, report=GO, measured=measured, reason=reason)


def run(*words):
    result = CliRunner(catch_exceptions=False).invoke(main, ["fleet", *words])
    return result.exit_code, result.stdout


def test_majority_and_outliers_are_named():
    fleet = compared(
        "x",
        [
            node("a", driver="550.1", glibc="2.31"),
            node("b", driver="535.1", glibc="2.31"),
            node("c", driver="550.1", glibc="2.35"),
            NodeAnswer("d", "dead", "lost"),
        ],
    )
    driver, glibc = fleet.differences
    assert (driver.fact, driver.outliers, driver.severity.value) == ("driver", ("b",), "error")
    assert (glibc.fact, glibc.outliers, glibc.severity.value) == ("glibc", ("c",), "warning")
    verdicts = [fleet.verdict_of(each).value for each in fleet.answers]
    assert verdicts == ["GO", "NO_GO", "GO", "UNKNOWN"]
    assert fleet.verdict is Verdict.NO_GO


def test_without_a_majority_everybody_is_named():
    found = differences([node("a", driver="1.0"), node("b", driver="2.0")])
    assert not found[0].has_majority
    assert found[0].outliers == ("a", "b")


def test_what_a_node_lacks_differs_and_counts_of_errors_do_not():
    found = differences(
        [node("a", driver="1.0", **{"gpu.0.ecc.uncorrected": "3"}), node("b"), node("c")]
    )
    assert [(each.fact, each.outliers) for each in found] == [("driver", ("a",))]


def test_a_node_without_the_environment_is_unknown_and_not_odd():
    fleet = compared("", [node("a", files="x"), node("b", files="x"), node("c", "there is no /e")])
    assert fleet.differences == ()
    assert fleet.verdict is Verdict.UNKNOWN


def test_a_row_says_why_a_node_is_not_a_go_and_its_long_part_is_the_last():
    odd = replace(node("odd", driver="2"), report={"verdict": "UNKNOWN", "reasons": ["no lock"]})
    lost = NodeAnswer("lost", "failed", "nobody answers")
    rows = sheets(compared("", [node("a", driver="1"), node("b", driver="1"), odd, lost]))[0].rows
    assert {name: why for name, _, _, why in rows} == {
        "a": "",
        "b": "",
        "odd": "differs in Driver; its audit: UNKNOWN: no lock",
        "lost": "failed: nobody answers",
    }


def test_quiet_leaves_out_what_is_a_go():
    good, lost = node("a"), NodeAnswer("lost", "failed", "nobody answers")
    rows, _ = sheets(compared("", [good, lost]), quiet=True)
    assert [row[0] for row in rows.rows] == ["lost"]
    (verdict,) = sheets(compared("", [good]), quiet=True)
    assert verdict.title == "GO: 1 node, 1 GO"


def test_quiet_and_long_lists_of_projects():
    kept = [Result(f"/p{at}", "", "UNKNOWN", "no") for at in range(UNJUDGED + 1)]
    found = summary(Path("/r"), kept, [each.project for each in kept])
    (unjudged, verdict) = of_projects(found, quiet=True)
    assert unjudged.notes == ("1 project more; /r/results.jsonl has all.",)
    assert (verdict.title, verdict.notes) == ("UNKNOWN: 201 projects, 201 UNKNOWN", ())


def test_files_and_packages_that_differ_are_named():
    model = Listing({"a": "1", "b": "2"}, {"conda:nccl": "2.20 0"})
    ours = Listing({"a": "9", "c": "3"}, {"conda:nccl": "2.18 0", "pypi:x": "1"})
    found = unlike("n", ours, "m", model)
    assert (found.changed, found.missing, found.more, found.files) == (("a",), ("b",), ("c",), 3)
    assert found.packages == (("conda:nccl", "2.20 0", "2.18 0"), ("pypi:x", "", "1"))


@pytest.mark.parametrize(
    ("ahead", "bound", "told"),
    [
        (0.1, 0.01, "within 0.5 s"),
        (-3.0, 0.01, "3.0 s behind"),
        (0.9, 0.45, "within 0.5 s"),
        (9.0, 2.0, "not known: the round trip took 4.0 s"),
    ],
)
def test_a_clock_is_told_as_far_as_the_round_trip_lets_it_be_known(ahead, bound, told):
    assert clocks.told(Clock(ahead, bound)) == told


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"schema": "conda-preflight/node/1", "version": "0"}',
        b'{"schema": "conda-preflight/node/2"}',
        json.dumps(written(NodeAnswer("n", sheet={"x": float("nan")}))),
        json.dumps(written(NodeAnswer("n", sheet={"x": "@"}))).replace('"@"', "1e999"),
        json.dumps(written(NodeAnswer("n", clock=Clock(10**400, 1)))),
    ],
)
def test_what_is_no_answer_is_told_as_none(sent):
    answer = read("n", sent)
    assert (answer.status, bool(answer.reason)) == ("failed", True)


def test_a_later_schema_is_told_by_the_version_that_wrote_it():
    sent = {"schema": "conda-preflight/node/2", "version": "7.1"}
    assert read("n", json.dumps(sent)).reason.startswith("has conda-preflight 7.1, and here")


def answered(node):
    return json.dumps(written(NodeAnswer(node))) + "\n"


def test_a_node_that_left_an_empty_file_was_not_asked(tmp_path):
    (tmp_path / "a.json").write_text(answered("a"))
    for name in ("b.json", "c.jsonl", "d.log"):
        (tmp_path / name).write_text("")
    found = {each.node: (each.status, each.reason) for each in saved.read([tmp_path])}
    assert found.pop("a") == ("reached", "")
    assert found.pop("d") == ("failed", "no answer is in its log")
    assert found == dict.fromkeys("bc", ("failed", "it sent nothing"))


def test_each_broken_answer_of_a_file_is_told_and_the_others_count(tmp_path):
    (tmp_path / "all.jsonl").write_text(f"{answered('a')}x\n\ny\n{answered('b')}")
    whole = log_lines.write(NodeAnswer("c", reason=random_text(20_000))).splitlines()
    other = log_lines.write(NodeAnswer("d", reason=random_text(20_001))).splitlines()
    (tmp_path / "cut.log").write_text("\n".join(whole[:1] + other[1:]))
    found = {each.node: each.status for each in saved.read([tmp_path])}
    broken = ("all:2", "all:4", "cut:1", "cut:2")
    assert found == {"a": "reached", "b": "reached"} | dict.fromkeys(broken, "failed")


def random_text(length):
    return Random(length).randbytes(length).hex()  # noqa: S311  (the same each time)


def test_two_answers_of_one_node_are_told_with_their_files(tmp_path):
    for name in ("x", "y"):
        (tmp_path / f"{name}.json").write_text(answered("a"))
    with pytest.raises(UsageError, match=r"Two answers are of a, in .*x\.json and in .*y\.json"):
        saved.read([tmp_path])


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with a name")
def test_a_pipe_among_answers_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(UsageError, match="is no file"):
        saved.read([tmp_path])


@pytest.mark.parametrize(
    "change",
    [{"report": {"schema_version": 1}}, {"report": []}, {"measured": 3}, {"clock": {"ahead": "x"}}],
)
def test_parts_of_another_kind_are_refused(change):
    told = written(NodeAnswer("n")) | change
    assert read("n", json.dumps(told)).status == (
        "failed" if change != {"report": []} else "reached"
    )


@pytest.fixture
def environment(tmp_path):
    """Two prefixes with one package, of which one file holds the path of the prefix."""

    def make(name, library=b"nccl"):
        prefix = tmp_path / name
        (prefix / "lib").mkdir(parents=True)
        (prefix / "bin").mkdir()
        (prefix / "conda-meta").mkdir()
        (prefix / "lib" / "libnccl.so.2.20.5").write_bytes(library)
        (prefix / "lib" / "libnccl.so.2").symlink_to("libnccl.so.2.20.5")
        (prefix / "bin" / "tool").write_text(f"#!{prefix}/bin/python\n")
        (prefix / "lib" / "x.pyc").write_text(name)
        digest = hashlib.sha256(b"nccl").hexdigest()
        record = {
            "name": "nccl",
            "version": "2.20.5",
            "build": "0",
            "build_number": 0,
            "channel": "https://conda.anaconda.org/conda-forge",
            "subdir": "linux-64",
            "depends": [],
            "files": ["lib/libnccl.so.2", "lib/libnccl.so.2.20.5", "bin/tool"],
            "paths_data": {
                "paths_version": 1,
                "paths": [
                    {"_path": "lib/libnccl.so.2.20.5", "path_type": "hardlink", "sha256": digest},
                    {"_path": "lib/libnccl.so.2", "path_type": "softlink"},
                ],
            },
        }
        (prefix / "conda-meta" / "nccl-2.20.5-0.json").write_text(json.dumps(record))
        return prefix

    return make


def test_environments_at_two_places_are_alike_and_an_altered_file_is_not(environment):
    one, two, odd = environment("one"), environment("a-longer-name"), environment("odd", b"else")
    first, second, third = map(listing.read, (one, two, odd))
    assert first.files == second.files
    assert first.packages == {"conda:nccl": "2.20.5 0"}
    assert set(first.files) == {"bin/tool", "lib/libnccl.so.2", "lib/libnccl.so.2.20.5"}
    assert unlike("o", third, "f", first).changed == ("lib/libnccl.so.2.20.5",)
    assert listing.tree_digest(first.files) != listing.tree_digest(third.files)


def test_this_machine_answers_and_answers_are_compared(environment, tmp_path, monkeypatch):
    folder = tmp_path / "answers"
    folder.mkdir()
    monkeypatch.setenv("CONDA_PREFLIGHT_CACHE", str(tmp_path / "cache"))
    for name, content in (("a", b"nccl"), ("b", b"nccl"), ("odd", b"else")):
        monkeypatch.setenv("WHERE", str(environment(name, content)))
        words = ("--here", "--listing", "--prefix", "$WHERE")
        code, told = run(*words)
        assert code == 0
        (folder / f"{name}.json").write_text(json.dumps(json.loads(told) | {"node": name}))
    (folder / "hostile.json").write_text('{"\x1b[31m": 1')
    code, told = run("--answers", str(folder), "--format", "json")
    found = json.loads(told)
    assert (code, found["verdict"]) == (1, "NO_GO")
    verdicts = {each["node"]: each["verdict"] for each in found["nodes"]}
    assert verdicts["hostile"] == "UNKNOWN"
    odd = {each["fact"] for each in found["differences"] if each["outliers"] == ["odd"]}
    assert {"files", "bundled.libnccl"} <= odd
    assert found["environments"][0]["changed"] == ["lib/libnccl.so.2.20.5"]
    for form in ("text", "markdown", "html"):
        assert "libnccl.so.2.20.5" in run("--answers", str(folder), "--format", form)[1]


def test_what_is_not_there_is_the_reason_and_the_machine_is_still_told(monkeypatch):
    monkeypatch.delenv("NO_SUCH", raising=False)
    assert "NO_SUCH" in collect(Request(prefix="$NO_SUCH/env")).reason
    answer = collect(Request(prefix="/nowhere/at/all"))
    assert answer.reason == "there is no /nowhere/at/all"
    assert answer.measured["arch"] == os.uname().machine


def test_a_request_and_an_answer_are_read_as_they_were_written():
    request = Request(prefix="$X/y", select=("node",), seconds=3.0)
    again = read_request(request_json(request))
    assert (again.prefix, again.select, again.seconds) == ("$X/y", ("node",), 3.0)
    assert resolved("${X}/y", {"X": "/a"}) == "/a/y"
    answer = NodeAnswer("n", measured={"driver": "1"}, clock=Clock(1.0, 0.5))
    assert written(read_named("", json.dumps(written(answer)))) == written(answer)


def test_ways_are_named_once():
    assert CliRunner().invoke(main, ["fleet"]).exit_code != 0
    result = CliRunner().invoke(main, ["fleet", "--here", "--ray", "auto"])
    assert "different ways" in str(result.exception)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["--answers=x", "--prefix=/opt/env"], "--prefix"),
        (["--answers=x", "project"], "PATH"),
        (["--answers=x", "--only=GPU"], "--only"),
        (["--projects=x", "--prefix=/opt/env"], "--prefix"),
        (["--projects=x", "--no-cache"], "--no-cache"),
        (["--here", "--format=html"], "--format"),
        (["--here", "--report=html=x"], "--report"),
        (["--here", "--workers=2"], "--workers"),
        (["--ray=auto", "--command=x"], "--command"),
        (["--ray=auto", "--node=a"], "--node"),
        (["--hosts=x", "--only=GPU"], "--only"),
        (["--hosts=x", "--runtime-env=x"], "--runtime-env"),
        (["--kubernetes", "--image=x", "--listing"], "--listing"),
    ],
)
def test_an_option_that_would_be_passed_over_is_refused(words, option):
    found = CliRunner().invoke(main, ["fleet", *words]).exception
    assert isinstance(found, UsageError)
    assert found.message.startswith(f"{option} says nothing with {words[0].partition('=')[0]}")


def test_a_pattern_without_quotes_is_told_as_one():
    found = CliRunner().invoke(main, ["fleet", "--projects", "a", "b", "c", "d"]).exception
    assert found.message == "PATH is one project, and here are 3"


def test_options_that_are_bound_to_ways_are_options():
    assert {param.name for param in fleet.command.params} >= fleet_ways.BOUND


def test_a_folder_that_is_not_there_is_told_before_anybody_is_asked(tmp_path):
    report = f"json={tmp_path / 'nowhere' / 'x.json'}"
    found = CliRunner().invoke(main, ["fleet", "--ray=127.0.0.1:1", "--report", report]).exception
    assert "There is no folder" in str(found)


def test_results_go_on_after_half_a_line(tmp_path):
    with Results(tmp_path) as results:
        results.keep(Result("/a", "1", "GO"), b"{}\n")
        results.keep(Result("/b", "", "UNKNOWN", "the worker died"), b"")
    with (tmp_path / LINES).open("ab") as stream:
        stream.write(b'{"project": "/c", "dig')
    with Results(tmp_path) as results:
        assert results.done == {"/a": "1", "/b": ""}
        with pytest.raises(Exception, match="Another run"):
            Results(tmp_path)
        results.keep(Result("/c", "3", "GO"), b"{}\n")
    assert [each.project for each in read_results(tmp_path)] == ["/a", "/b", "/c"]


def test_projects_are_named_by_a_pattern_or_a_list(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    file = tmp_path / "list.txt"
    file.write_text("# mine\nb\n\nb\n")
    assert named(f"{tmp_path}/[ab]") == [str(tmp_path / "a"), str(tmp_path / "b")]
    assert named(str(file)) == [str(tmp_path / "b")]
    with pytest.raises(Exception, match="finds no project"):
        named(f"{tmp_path}/x*")


def test_what_a_signal_does_is_not_for_ray_to_say():
    got = []
    before = signal.signal(signal.SIGTERM, lambda *_: got.append("ours"))
    ours = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit):
            ended_under_ray()
        assert (got, signal.getsignal(signal.SIGTERM)) == (["ours"], ours)
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://[::1]:1", "127.0.0.1:99999"])
def test_an_address_where_nobody_listens_is_told_at_once(address):
    found = CliRunner().invoke(main, ["fleet", "--ray", address]).exception
    assert found.message.startswith(f"Ray at {address} does not answer: ")


def ended_under_ray():
    with ray_session.own_signals():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        signal.raise_signal(signal.SIGTERM)
