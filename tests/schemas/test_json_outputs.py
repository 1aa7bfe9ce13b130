"""Every JSON that a command writes is what its published schema says, and nothing more."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
from dataclasses import replace

import click
import pytest
from advisory_bucket import Bucket, record
from clean_machine import Machine, aged, cached_package, empty_environment
from docs.generate import TOP
from jsonschema import Draft202012Validator
from tests.attesting import signed
from tests.freezing.frozen_tree import make
from tests.ledger.record_builder import mark, packages
from tests.ledger.record_builder import record as ledger_record
from tests.schemas.published import checked, closed

from conda_preflight import cli
from conda_preflight.answers import fleet_json, projects_sheets, prove_json, rebuild_json
from conda_preflight.answers import verify_text as verify_answers
from conda_preflight.attesting.acceptance import Answer
from conda_preflight.attesting.statement import read as read_statement
from conda_preflight.fleet.answers import Clock, Listing, NodeAnswer
from conda_preflight.fleet.answers import written as node_written
from conda_preflight.fleet.differences import unlike
from conda_preflight.fleet.outcome import compared
from conda_preflight.fleet.project_results import Result
from conda_preflight.fleet.projects_summary import summary
from conda_preflight.ledger import form
from conda_preflight.ledger.record import Links
from conda_preflight.proving import outcome as proving
from conda_preflight.rebuilding.outcome import (
    Build,
    Comparison,
    Digests,
    Rebuilt,
    Trial,
    Unexplained,
)
from conda_preflight.report import TargetVerdict, Verdict
from conda_preflight.schema import to_json
from conda_preflight.schema_files import names, published

INFER = TOP / "examples" / "chatbot_infer_prod"
GIT = shutil.which("git") or ""


def said(*words):
    """What a command writes to standard output, whatever its verdict is."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        cli.run([*map(str, words), "--format", "json"])
    assert out.getvalue(), err.getvalue()
    return out.getvalue()


def audits(folder):
    yield said("audit", INFER)
    yield said("audit", TOP / "examples" / "chatbot_finetune_dev", "--target", "a100")


def reasons(folder):
    for name in ("numpy", "nunpy", "python"):
        yield said("why", name, INFER)


def differences(folder):
    lock = folder / "conda-lock.yml"
    text = (INFER / "conda-lock.yml").read_text()
    lock.write_text(text.replace("name: numpy\n", "name: numpy2\n", 1))
    yield said("diff", INFER / "conda-lock.yml", lock)
    yield said("diff", INFER, TOP / "examples" / "chatbot_finetune_dev")


def plans(folder):
    yield said("image", "plan", INFER)


def rebuilds(folder):
    values = {
        "lock": "conda-lock.yml",
        "platform": "linux-64",
        "environment": "",
        "packages": {"conda": 3},
        "digests": Digests(2, 1, 0, 300, 3, 0, 0),
        "builds": (Build(10, 900, 1.25), Build(10, 900, 1.5)),
        "trials": (Trial("import numpy", 1, passed=False, seconds=0.1, reason="no"),),
        "comparison": Comparison(10, {"bytecode": ("a.pyc",)}, (Unexplained("b", "bytes"),)),
    }
    yield rebuild_json.write(Rebuilt(**values, notes=("x",)))
    yield rebuild_json.write(Rebuilt(**{**values, "comparison": None}, kept="/env"))


def acceptances(folder):
    there = (TargetVerdict("a100", Verdict.GO),)
    payload = signed.payload(signed.report(targets=there))
    yield verify_answers.write_json(Answer("", ("ours",), read_statement(payload)))
    yield verify_answers.write_json(Answer("no trusted key signed it"))


def databases(folder):
    bucket = Bucket(folder / "bucket")
    bucket.put(record("PYSEC-2025-1", "numpy"))
    place = ("--db", folder / "a.db")
    lists = ("--kev-url", "none", "--epss-url", "none")
    url = bucket.folder.parent.as_uri()
    assert cli.run([*map(str, ("db", "update", *place, "--osv-url", url, *lists))]) == 0
    yield said("db", "status", *place)


def freezes(folder):
    prefix = make(folder / "env")
    yield said("freeze", prefix)
    yield said("freeze", prefix)
    change = proving.Change("bin/x", "new")
    results = (
        proving.Result("pip install", "pip", proving.CHANGED, "it did", (change,), 0.25),
        proving.Result("rm", "rm", proving.UNTRIED, is_beyond=True),
    )
    yield prove_json.write(proving.Proof("/env", "jane", 5, results))


def cleanings(folder):
    home = folder / "home"
    machine = Machine(home)
    (machine.root / "condabin").mkdir(parents=True)
    empty_environment(machine.root)
    cached_package(machine.root / "pkgs", "left", 5_000)
    aged(empty_environment(machine.root / "envs" / "old"))
    there = ("clean", "--root", machine.root)
    yield said(*there)
    yield said(*there, "--yes")
    yield said(*there, "--empty-trash")
    yield said(*there, "--undo")
    yield said(*there)
    yield said("clean", "env", machine.root / "envs" / "old", "--yes")


def histories(folder):
    where = folder / "repo"
    where.mkdir()
    lock = "@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/linux-64/zlib-{}-h0_0.conda#{}\n"
    ledger = ("--ledger", folder / "ledger.db")
    for version, digest in (("1.2.12", "a" * 32), ("1.3.1", "b" * 32)):
        (where / "conda-linux-64.lock").write_text(lock.format(version, digest))
        (where / "environment.yml").write_text(f"dependencies: [python=3.11, zlib={version[:3]}]\n")
        said("audit", where, *ledger)
        if GIT:
            _commit(where, version)
    yield said("history", where, *ledger)
    for question in (("--finding", "manifest/missing-name"), ("--package", "zlib")):
        yield said("history", where, *question, *ledger)
    for words in (("1", "2"), ("--projects",), ("--verify",)):
        yield said("history", *words, *ledger)
    if GIT:
        yield said("history", where, "--git")
    else:
        pytest.skip("git is not installed")


def _commit(where, subject):
    who = ("-c", "user.name=Jane Doe", "-c", "user.email=jane@example.org")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", subject)):
        subprocess.run([GIT, "-C", where, *who, *words], check=True, capture_output=True)


def fleets(folder):
    report = to_json(signed.report())
    sheet = {"schema": "conda-preflight/host/1", "os": "linux"}
    one = NodeAnswer("a", report=report, sheet=sheet, measured={"driver": "550.1"})
    two = NodeAnswer("b", measured={"driver": "535.1"}, clock=Clock(0.5, 0.1), seconds=1.5)
    found = compared("x", [one, two, NodeAnswer("c", "dead", "it was lost")], notes=("y",))
    model = Listing({"x": "1"}, {"conda:nccl": "2.20 0"})
    odd = unlike("b", Listing({"x": "2"}), "a", model)
    yield fleet_json.write(type(found)(found.name, found.answers, found.differences, (odd,)))
    results = (
        Result("/p", "", "NO_GO", errors=1, rules={"lock/stale": 1}),
        Result("/q", "", "UNKNOWN", "it is gone"),
    )
    yield projects_sheets.write_json(summary(folder, results, ["/p", "/q"]))


def sheets(folder):
    yield said("probe")


SAMPLES = {
    "audit": ("report", audits),
    "clean": ("clean", cleanings),
    "clean env": ("clean", cleanings),
    "db status": ("db-status", databases),
    "diff": ("diff", differences),
    "fleet": ("fleet", fleets),
    "freeze": ("freeze", freezes),
    "history": ("history", histories),
    "image plan": ("image-plan", plans),
    "probe": ("host", sheets),
    "rebuild": ("rebuild", rebuilds),
    "verify": ("verify", acceptances),
    "why": ("why", reasons),
}
"""Each command that writes JSON of ours: the name of its schema, and what makes samples."""
BESIDE = {"attestation", "ledger-record", "node", "policy-input", "settings"}
"""Schemas of what is no output by ``--format json``."""


def commands(command, context, path=()):
    """Each command with its path, groups looked into."""
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    if path and command.invoke_without_command:
        yield " ".join(path), command
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        yield from commands(inner, click.Context(inner, parent=context), (*path, name))


def test_every_command_that_writes_json_has_a_schema_and_a_sample():
    found = {
        path
        for path, command in commands(cli.main, click.Context(cli.main))
        for option in command.params
        if isinstance(option.type, click.Choice) and "json" in option.type.choices
    }
    assert found == set(SAMPLES)
    assert {name for name, _ in SAMPLES.values()} | BESIDE == set(names())


@pytest.mark.parametrize(
    ("name", "samples"), dict(SAMPLES.values()).items(), ids=dict(SAMPLES.values()).keys()
)
def test_what_is_written_is_valid_and_has_every_form(name, samples, tmp_path, monkeypatch):
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    documents = [checked(name, text) for text in samples(tmp_path)]
    schema = closed(published(name))
    for form_of_it in schema.get("anyOf", [schema]):
        one = {"$defs": schema.get("$defs", {}), **form_of_it}
        assert any(Draft202012Validator(one).is_valid(each) for each in documents), form_of_it


def test_the_answer_of_a_node_is_valid(tmp_path):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        cli.run(["fleet", "--here", "--listing", "--prefix", str(make(tmp_path / "env"))])
    told = checked("node", out.getvalue())
    assert told["report"]["schema_version"] == 1
    checked("node", json.dumps(node_written(NodeAnswer("b", clock=Clock(0.5, 0.1)))))


def test_what_is_signed_is_valid():
    checked("attestation", signed.payload())


def test_a_record_of_the_ledger_is_valid():
    kept = replace(packages(("zlib", "1.3")), links=Links((7,), ((),), ((0, "zlib", "a.yml:1"),)))
    record = ledger_record(1, [mark("numpy")], [kept], report="{}", targets=(("a100", "GO"),))
    told = form.written(record)
    body = checked("ledger-record", told.body)
    schema = closed(published("ledger-record"))
    for name in ("files", "findings", "links", "scope"):
        _valid({**schema["$defs"][name], "$defs": schema["$defs"]}, told.contents[body[name]])
    packed = told.contents[body["environments"][0][3]]
    _valid({**schema["$defs"]["packages"], "$defs": schema["$defs"]}, packed)


def _valid(schema, data):
    Draft202012Validator(schema).validate(json.loads(data))
