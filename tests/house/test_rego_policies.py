"""What becomes of policies in Rego: asked, refused before they run, or stopped."""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import importlib.util
import json
import tempfile
from datetime import date
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from docs.generate import TOP
from hypothesis import given
from hypothesis import strategies as st
from tests.schemas.published import checked

from conda_preflight import cli
from conda_preflight.documents import Channel, Location, Manifest, Name, Project, Source
from conda_preflight.documents.ruling import BROKEN, DENIED, WARNED
from conda_preflight.engines.rego import MISSING, RegoPolicies
from conda_preflight.engines.rego_worker import judge
from conda_preflight.errors import Skip
from conda_preflight.house.policy_input import KEYS, policy_input
from conda_preflight.opening import source_of

DAY = date(2026, 11, 24)
HEAD = "package preflight\n\nimport rego.v1\n\n"
PROJECT = Project(
    ".",
    Location("."),
    (Manifest("environment.yml", "environment.yml", Location("environment.yml")),),
    name="chat",
)


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What the engine tells of the rules of one policy, in this process and without limits."""
    monkeypatch.chdir(tmp_path)

    def ask(text, **more):
        modules = {"a.rego": HEAD + text, **{f"{name}.rego": m for name, m in more.items()}}
        return judge(modules, policy_input(PROJECT, {}, DAY))

    return ask


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('deny contains "x" if input.manifests[0].file == "environment.yml"', ["x"]),
        ('deny contains {"msg": "x", "line": 2} if input.day', [{"msg": "x", "line": 2}]),
        ('deny["x"] if input.project == "chat"', {"x": True}),
        ("deny contains m.file if some m in input.manifests", ["environment.yml"]),
        ('deny contains "x" if input.locks[_].file', []),
        ('violation_of_law contains "x" if true', ["x"]),
    ],
)
def test_a_rule_gives_its_set(told, text, value):
    answer = told(text)
    assert answer["faults"] == []
    assert [each["value"] for each in answer["answers"]] == [value]


def test_rules_of_version_0_are_rules(told):
    old = 'package old\n\ndeny[msg] { input.manifests[_].file == "environment.yml"; msg := "x" }\n'
    answer = told('warn contains "y" if true', old=old)
    assert {each["file"]: each["value"] for each in answer["answers"]} == {
        "a.rego": ["y"],
        "old.rego": {"x": True},
    }


def test_policies_have_each_other(told):
    library = "package lib\n\nimport rego.v1\n\nours(file) if endswith(file, `.yml`)\n"
    text = (
        'import data.lib.ours\n\ndeny contains "x" if { some m in input.manifests; ours(m.file) }'
    )
    assert [each["value"] for each in told(text, lib=library)["answers"]] == [["x"]]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("deny contains msg if { msg := }", 5, "Invalid assignment"),
        ('\ndeny contains msg if { msg := "x"', 6, "unclosed"),
        ("\n\ndeny contains msg if { msg := y }", 7, "gets no value"),
        ('deny contains "x" if { y > 3 }', 5, "gets no value"),
        ('deny contains "x" if { not y.z }', 5, "gets no value"),
        ('deny contains "x" if foo(3)', 5, "no function foo"),
        ('deny contains "x" if data.lib.foo(3)', 5, "no function data.lib.foo"),
        ('deny contains "x" if data.lib.foo', 5, "no data.lib"),
        ('deny contains "x" if input.manifest[0]', 5, "input has no manifest"),
        ('deny contains "x" if { y := input; y.manifest }', 5, "input has no manifest"),
        ("deny contains opa.runtime().env.HOME", 5, "may not be called"),
        ('deny contains "x" if http.send({"method": "get", "url": "http://a"})', 5, "network"),
        ("deny contains x if x := time.now_ns()", 5, "input.day"),
        ('deny(x) := "x"', 5, "is a function"),
        ('deny contains "x" if count(input.manifests[i].file) > 1', 5, "some x in list"),
        ('deny contains "x" if count(input.manifests[_].file) > 1', 5, "some x in list"),
        ('denny contains "x" if true', 0, "nothing is judged"),
        ('f(x) := f(x)\n\ndeny contains "x" if f(1)', 0, "Recursion"),
        ('deny contains "x" if to_number("x")', 0, "built-in"),
        ('a := 1\n\na := 2\n\ndeny contains "x" if a == 1', 0, "disagree"),
    ],
)
def test_what_can_never_say_anything_is_a_fault_with_its_line(told, text, line, words):
    answer = told(text)
    assert answer["answers"] == []
    assert [(each["file"], each["line"]) for each in answer["faults"]] == [("a.rego", line)]
    assert words in answer["faults"][0]["message"]


@pytest.mark.parametrize(
    "text",
    [
        "f(x) := y if { y := x + 1 } else := 0\n\ndeny contains m if { m := f(1); not input.day }",
        "deny contains k if { every k, v in input.settings { v != k }; some k in input.files }",
        "m[k] := v if some k, v in input.settings\n\ndeny contains m.q if m.z with input as {}",
        "deny contains p if { walk(input, [path, v]); [a, _] := path; v == 1; p := a }",
        'p.q.r := 3\n\np.q[x] := 2 if x := "z"\n\ndeny contains "x" if p.q.z == 2',
        'default a := false\n\ndeny contains "x" if { {"n": n} = input.manifests[i]; n > i; a }',
        'deny contains concat(",", {x | some x in ["a"]; not x in {"b"}})',
        'deny contains k if some k in object.keys(data.preflight.deeds)\n\ndeeds := {"a": 1}',
    ],
)
def test_what_is_good_is_no_fault(told, text):
    assert told(text)["faults"] == []


TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


@given(TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_any_text_of_a_file_reaches_a_policy_as_it_is(text, table):
    item = "{`msg`: input.day, `o`: input.settings, `j`: json.marshal(input.day)}"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        answer = judge(
            {"a": f"{HEAD}deny contains {item} if true"}, {"day": text, "settings": table}
        )
    assert answer["faults"] == []
    ((item,),) = (each["value"] for each in answer["answers"])
    assert (item["msg"], item["o"], json.loads(item["j"])) == (text, table, text)


def rulings(text, **limits):
    policy = source_of((HEAD + text).encode(), "a.rego")
    return RegoPolicies([policy], {}, **limits)


ENDLESS = """\
r := numbers.range(1, 8000)

deny contains "x" if count([1 | some a in r; some b in r; a == b + 9000]) > 3
"""


def test_a_policy_without_end_is_stopped():
    endless = rulings(ENDLESS, seconds=0.5)
    (broken,) = endless.rulings(PROJECT, DAY, BROKEN)
    assert "were stopped after 0.5 seconds" in broken.message
    with pytest.raises(Skip, match="a policy is broken"):
        endless.rulings(PROJECT, DAY, DENIED)


def _children():
    """The processes that this one has started and that run policies, with their variables."""
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            if b"rego_worker" in Path("/proc", pid, "cmdline").read_bytes():
                yield Path("/proc", pid, "environ").read_bytes()


def test_the_child_has_no_variables(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "secret")
    ask = Thread(target=rulings(ENDLESS, seconds=0.7).rulings, args=(PROJECT, DAY, BROKEN))
    ask.start()
    while not (found := list(_children())) and ask.is_alive():
        sleep(0.01)
    ask.join()
    assert found == [b""]


def test_memory_is_bounded():
    text = "deny contains 1 if count(numbers.range(1, 3000000)) < 3"
    (broken,) = rulings(text, memory=100 << 20).rulings(PROJECT, DAY, BROKEN)
    assert "needed more than 100 MiB" in broken.message


def audited(folder, policy, *words):
    (folder / "environment.yml").write_text("channels: [defaults]\ndependencies: [python=3.11]\n")
    (folder / "house.rego").write_text(policy)
    (folder / "preflight.toml").write_text('[policy]\nrego = ["*.rego"]\n')
    report = folder / "report.json"
    code = cli.run(
        ["audit", str(folder), "--select", "house", "--report", f"json={report}", *words]
    )
    return code, json.loads(report.read_text())


def test_a_finding_stands_where_the_policy_says_if_that_was_audited(tmp_path, capsys):
    policy = HEAD + (
        'deny contains {"msg": "a\\u001b[31m\\n b", "file": f, "line": 1, "id": f} if some f in '
        '["environment.yml", "/etc/passwd"]\n\n'
        'warn contains {"msg": "c", "about": "d", "severity": "note", "fix": "e"} if true\n'
    )
    code, report = audited(tmp_path, policy)
    assert code == 1
    fix = "The policy is house.rego."
    keys = ("rule", "severity", "message", "about", "path", "line", "fix")
    assert [tuple(each[key] for key in keys) for each in report["findings"]] == [
        ("house/denied", "error", "a\x1b[31m b", "environment.yml", "environment.yml", 1, fix),
        ("house/denied", "error", "a\x1b[31m b", "/etc/passwd", "house.rego", None, fix),
        ("house/warned", "note", "c", "d", "house.rego", None, "e"),
    ]
    assert "\x1b" not in capsys.readouterr().out


def test_a_report_names_its_policies_with_their_digests(tmp_path, capsys):
    _, report = audited(tmp_path, HEAD + 'warn contains "x" if true')
    (row,) = (each for each in report["inputs"] if each["kind"] == "policy")
    digest = hashlib.sha256((tmp_path / "house.rego").read_bytes()).hexdigest()
    assert (row["path"], row["sha256"]) == ("house.rego", digest)


def test_without_the_engine_the_verdict_is_unknown(tmp_path, monkeypatch, capsys):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "conda_preflight.engines.rego.find_spec",
        lambda name: None if name == "regopy" else real(name),
    )
    code, report = audited(tmp_path, HEAD + 'deny contains "x" if false')
    assert (code, report["verdict"], report["reasons"]) == (2, "UNKNOWN", [MISSING])
    assert {each["status"] for each in report["outcomes"]} == {"skipped"}


def test_an_audit_without_policies_imports_nothing_of_them(tmp_path, monkeypatch, capsys):
    real = builtins.__import__

    def refuse(name, *rest):
        assert "rego" not in name
        assert "conda_preflight.house" not in name or "telling" in name
        return real(name, *rest)

    (tmp_path / "environment.yml").write_text("dependencies: [python=3.11]\n")
    monkeypatch.setattr(builtins, "__import__", refuse)
    assert cli.run(["audit", str(tmp_path), "--select", "manifest/missing-name,house"]) == 0
    assert "no policy is named" in capsys.readouterr().out


def test_the_input_can_be_had_and_is_what_its_schema_says(tmp_path, capsys):
    file = tmp_path / "input.json"
    code, _ = audited(tmp_path, HEAD + 'warn contains "x" if true', "--policy-input", str(file))
    given = checked("policy-input", file.read_text())
    assert code == 0
    assert tuple(given) == KEYS
    (manifest,) = given["manifests"]
    assert manifest["channels"] == [
        {"text": "defaults", "name": "defaults", "file": "environment.yml", "line": 1}
    ]
    assert "version" not in manifest["channels"][0]


def test_credentials_are_masked_in_the_input():
    text = "https://me:hunter2@conda.example.org/t/abc-123/main"
    place = Location("environment.yml", 1)
    manifest = Manifest(
        "environment.yml",
        "environment.yml",
        place,
        channels=(Channel(text, text, place),),
        variables=(Name("HF_TOKEN=hf_abcdefghijklmnopqrstuv", place),),
    )
    source = Source("environment.yml", "", "0" * 64, 0, "utf-8", "\n", ())
    told = json.dumps(policy_input(Project(".", place, (source, manifest)), {}, DAY))
    assert "conda.example.org" in told
    assert not any(secret in told for secret in ("hunter2", "abc-123", "hf_abc"))


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('["none/*.rego"]', "There is no policy none/*.rego"),
        ('["../*.rego"]', "leads out of the project"),
        ('["/etc/*.rego"]', "leads out of the project"),
        ('["link.rego"]', "link that leads out"),
        ("3", "a list of texts"),
    ],
)
def test_settings_that_name_no_policy_of_the_project(tmp_path, capsys, setting, words):
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "outside.rego").write_text(HEAD)
    (project / "link.rego").symlink_to(tmp_path / "outside.rego")
    (project / "environment.yml").write_text("dependencies: [python=3.11]\n")
    (project / "preflight.toml").write_text(f"[policy]\nrego = {setting}\n")
    assert cli.run(["audit", str(project), "--select", "house"]) == 2
    assert words in capsys.readouterr().err


def test_a_folder_stands_for_its_policies_without_their_tests(tmp_path, capsys):
    folder = tmp_path / "policies"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.rego").write_text(HEAD + 'warn contains "x" if true')
    (folder / "a_test.rego").write_text("no Rego")
    manifest = tmp_path / "environment.yml"
    manifest.write_text("dependencies: [python=3.11]\n")
    words = ["audit", str(manifest), "--select", "house", "--policy", str(folder), "-q"]
    assert cli.run([*words, "--fail-on", "warning"]) == 1
    assert "house/warned" in capsys.readouterr().out


def test_the_policies_of_the_example_judge_projects(tmp_path, capsys):
    policies = str(TOP / "examples" / "house-rules" / "policies")
    project = str(TOP / "examples" / "chatbot_infer_prod")
    assert (
        cli.run(
            [
                "audit",
                project,
                "--select",
                "house,input,manifest,lock,settings,joint",
                "--policy",
                policies,
            ]
        )
        == 0
    )
    (tmp_path / "environment.yml").write_text("channels: [defaults]\ndependencies: [python=3.11]\n")
    (tmp_path / "requirements.txt").write_text("git+https://example.org/a/b\n")
    assert cli.run(["audit", str(tmp_path), "--select", "house", "-q", "--policy", policies]) == 1
    told = capsys.readouterr().out
    assert "environment.yml:1: error: defaults is no channel of the house" in told
    assert "requirements.txt:1: error: git+https" in told


def test_kinds_do_not_mix():
    policies = rulings('warn contains "x" if true')
    assert policies.rulings(PROJECT, DAY, DENIED) == ()
    assert [each.message for each in policies.rulings(PROJECT, DAY, WARNED)] == ["x"]
