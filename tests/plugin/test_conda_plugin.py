"""The plugin of conda, against the hooks and types that conda documents."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterator
from dataclasses import make_dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pluggy
import pytest

from conda_preflight.documents import Lock
from conda_preflight.hooks import health
from conda_preflight.hooks.protection import OVERRIDE, PROTECTED, refusal
from conda_preflight.hooks.recording import record
from conda_preflight.intake import read_file
from conda_preflight.ledger.book import open_ledger

FIELDS = {
    "CondaSubcommand": ("name", "summary", "action"),
    "CondaHealthCheck": ("name", "action", "summary"),
    "CondaSetting": ("name", "description", "parameter"),
    "CondaPreCommand": ("name", "action", "run_for"),
    "CondaPreTransactionAction": ("name", "action"),
    "CondaPostTransactionAction": ("name", "action"),
    "CondaEnvironmentExporter": (
        "name",
        "aliases",
        "default_filenames",
        "multiplatform_export",
        "description",
        "environment_format",
    ),
    "CondaEnvironmentSpecifier": (
        "name",
        "environment_spec",
        "default_filenames",
        "description",
        "environment_format",
    ),
}


class CondaError(Exception):
    """As conda.exceptions has it."""


class Action:
    """As conda.core.path_actions has it."""

    def __init__(self, prefix: str, update_specs: tuple[str, ...] = ()) -> None:
        self.target_prefix = prefix
        self.update_specs = update_specs
        self.remove_specs = self.link_precs = self.unlink_precs = ()


def fetched(lines: list[str]) -> list[Any]:
    """As conda.misc has it: the records of the lines of an explicit list, fetched."""
    records = []
    for line in lines:
        url, _, digest = line.partition("#")
        name = url.rpartition("/")[2].rpartition("-")[0].rpartition("-")[0]
        file = url.removeprefix("file://")
        records.append(SimpleNamespace(name=name, told=digest, package_tarball_full_path=file))
    return records


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    context = SimpleNamespace(
        dry_run=False, target_prefix="", protect_frozen_envs=True, subdir="linux-64"
    )
    types: dict[str, Any] = {name: make_dataclass(name, of) for name, of in FIELDS.items()}
    types["EnvironmentSpecBase"] = type("EnvironmentSpecBase", (), {})
    types["EnvironmentFormat"] = Enum("EnvironmentFormat", ["lockfile"])
    parts: dict[str, dict[str, Any]] = {
        "conda": {"__version__": "26.7.0"},
        "conda.base": {},
        "conda.base.context": {"context": context},
        "conda.common": {},
        "conda.common.configuration": {
            "PrimitiveParameter": lambda default, element_type: (default, element_type),
            "SequenceParameter": lambda element, default: (element, default),
        },
        "conda.core": {},
        "conda.core.path_actions": {"Action": Action},
        "conda.exceptions": {"CondaError": CondaError, "CondaValueError": CondaError},
        "conda.misc": {"get_package_records_from_explicit": fetched},
        "conda.models": {},
        "conda.models.environment": {"Environment": SimpleNamespace},
        "conda.plugins": {"hookimpl": pluggy.HookimplMarker("conda")},
        "conda.plugins.types": types,
    }
    for name, values in parts.items():
        module = ModuleType(name)
        vars(module).update(values)
        monkeypatch.setitem(sys.modules, name, module)
        parent, _, child = name.rpartition(".")
        if parent:
            monkeypatch.setattr(sys.modules[parent], child, module, raising=False)
    ours = (
        "plugin",
        "hooks.refusing",
        "hooks.transactions",
        "hooks.exporting",
        "hooks.specifying",
    )
    for name in ours:
        sys.modules.pop(f"conda_preflight.{name}", None)
    yield importlib.import_module("conda_preflight.plugin")
    for name in ours:
        sys.modules.pop(f"conda_preflight.{name}", None)


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    folder = tmp_path / "chat_infer_prod"
    (folder / "conda-meta").mkdir(parents=True)
    text = '{"name": "aa", "version": "1.0", "build": "0", "build_number": 0, "files": []}'
    (folder / "conda-meta" / "aa-1.0-0.json").write_text(text)
    (folder / "conda-meta" / "history").write_text("")
    return folder


def one(hook: Any) -> Any:
    (made,) = hook()
    return made


def test_pluggy_finds_every_hook(plugin: Any) -> None:
    manager = pluggy.PluginManager("conda")
    manager.register(plugin)
    found = {name for name in dir(plugin) if manager.parse_hookimpl_opts(plugin, name) is not None}
    assert found == {
        "conda_subcommands",
        "conda_health_checks",
        "conda_settings",
        "conda_pre_commands",
        "conda_pre_transaction_actions",
        "conda_post_transaction_actions",
        "conda_environment_exporters",
        "conda_environment_specifiers",
    }


def test_subcommand_gives_the_words_and_the_exit_code(plugin: Any, tmp_path: Path) -> None:
    assert one(plugin.conda_subcommands).action(("explain", "manifest/missing-name")) == 0
    assert one(plugin.conda_subcommands).action(("audit", str(tmp_path / "none"))) == 2


def test_protected_by_name_unless_a_reason_is_given(
    plugin: Any, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(OVERRIDE, raising=False)
    action = one(plugin.conda_pre_transaction_actions).action(str(prefix))
    with pytest.raises(CondaError, match=r"'chat_infer_prod' is protected by its name"):
        action.verify()
    monkeypatch.setenv(OVERRIDE, "a fix")
    action.verify()
    assert action._verified


def test_command_is_refused_before_it_solves(
    plugin: Any, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(OVERRIDE, raising=False)
    context = sys.modules["conda.base.context"].context  # type: ignore[attr-defined]
    context.target_prefix = str(prefix)
    hook = one(plugin.conda_pre_commands)
    assert {"install", "remove", "update"} <= hook.run_for
    with pytest.raises(CondaError, match=OVERRIDE):
        hook.action("install")
    hook.action("create")  # names no environment: conda itself will say so
    context.dry_run = True
    hook.action("install")


def test_frozen_prefix_is_refused_until_the_mark_is_overridden(prefix: Path) -> None:
    (prefix / "conda-meta" / "frozen").write_text("{}")
    assert "is frozen" in refusal(prefix, (), {}, frozen_counts=True)
    assert not refusal(prefix, (), {}, frozen_counts=False)
    assert not refusal(prefix, PROTECTED, {OVERRIDE: "why"}, frozen_counts=True)


def test_a_prefix_that_is_being_made_may_be(tmp_path: Path) -> None:
    new = tmp_path / "new_prod"
    (new / "conda-meta").mkdir(parents=True)
    assert not refusal(new, PROTECTED, {}, frozen_counts=True)
    assert not refusal(tmp_path / "chat_infer_dev", PROTECTED, {}, frozen_counts=True)


def test_records_before_and_after(
    plugin: Any, prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    monkeypatch.setenv("CONDA_PREFLIGHT_LEDGER", url)
    monkeypatch.setenv(OVERRIDE, "a fix")
    asked = ("https://user:secret@host/main::bb",)
    one(plugin.conda_pre_transaction_actions).action(str(prefix), asked).execute()
    meta = prefix / "conda-meta"
    old = (meta / "aa-1.0-0.json").read_text()
    (meta / "bb-1.0-0.json").write_text(old.replace('"aa"', '"bb"'))
    one(plugin.conda_post_transaction_actions).action(str(prefix), asked).execute()
    with open_ledger(url) as ledger:
        before, after = ledger.record(1), ledger.record(2)
    assert [p.name for p in before.environments[0].packages] == ["aa"]
    assert [p.name for p in after.environments[0].packages] == ["aa", "bb"]
    assert (before.facts["moment"], after.facts["moment"]) == ("before", "after")
    assert "secret" not in str(after.facts)
    assert after.reasons == ("changed all the same: a fix",)


def test_a_ledger_that_fails_is_a_warning(
    prefix: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONDA_PREFLIGHT_LEDGER", "sqlite:////proc/none/ledger.db")
    record(prefix, {"moment": "after"})
    assert "This was not recorded" in capsys.readouterr().err


def test_health_checks_say_what_the_audit_says(
    plugin: Any, prefix: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(prefix.parent)
    checks = {check.name: check for check in plugin.conda_health_checks()}
    assert set(checks) == {f"preflight-{family}" for family in health.FAMILIES}
    checks["preflight-freeze"].action(str(prefix), verbose=False)
    assert "freeze/conda-can-change" in capsys.readouterr().out
    checks["preflight-drift"].action(str(prefix), verbose=False)
    assert "not checked" in capsys.readouterr().out


class Installed(SimpleNamespace):
    """A PackageRecord: attributes, and get for what may be absent."""

    def get(self, name: str) -> Any:
        return getattr(self, name, None)


def test_exported_lock_is_read_back(plugin: Any, tmp_path: Path) -> None:
    url = "https://conda.example.org/main/linux-64/aa-1.0-0.conda"
    told = Installed(
        name="aa", version="1.0", build="0", subdir="linux-64", url=url, sha256="a" * 64, depends=()
    )
    environment = SimpleNamespace(
        platform="linux-64", explicit_packages=[told], external_packages={}
    )
    exporter = one(plugin.conda_environment_exporters)
    file = tmp_path / "conda-lock.yml"
    file.write_text(exporter.multiplatform_export([environment]))
    (lock,) = (each for each in read_file(file, file.name) if isinstance(each, Lock))
    assert [(p.name, p.url, p.sha256) for p in lock.packages] == [("aa", url, "a" * 64)]
    environment.external_packages = {"pip": ["requests==2"]}
    with pytest.raises(CondaError, match="requests==2"):
        exporter.multiplatform_export([environment])


LOCK = """version: 1
metadata:
  content_hash: {{linux-64: abc}}
  channels: [{{url: conda-forge, used_env_vars: []}}]
  platforms: [linux-64, osx-arm64]
  sources: [environment.yml]
package:
- {{name: aa, version: "1.0", manager: conda, platform: linux-64, dependencies: {{}},
   url: "{url}", hash: {{{hash}}}, category: main, optional: false}}
{more}"""
PIP = """- {name: "re\\e[31mquests", version: "2", manager: pip, platform: linux-64,
   dependencies: {}, url: "https://example.org/r-2-py3-none-any.whl", hash: {sha256: "%s"},
   category: main, optional: false}
"""
URL = "https://conda.example.org/main/linux-64/aa-1.0-0.conda"
SHA = "a" * 64


@pytest.fixture
def lock(plugin: Any, tmp_path: Path) -> Any:
    """A lock with one package, as what conda is given for it."""

    def made(name: str = "conda-lock.yml", more: str = "", url: str = URL, sha: str = SHA) -> Any:
        text = LOCK.format(url=url, hash=f"sha256: '{sha}'" if sha else "", more=more)
        (tmp_path / name).write_text(text)
        return one(plugin.conda_environment_specifiers).environment_spec(str(tmp_path / name))

    return made


def test_a_lock_is_given_with_its_digests(lock: Any, plugin: Any) -> None:
    spec = lock()
    assert spec.can_handle()
    assert spec.available_platforms == ("linux-64", "osx-arm64")
    assert [(p.name, p.told) for p in spec.env.explicit_packages] == [("aa", f"sha256:{SHA}")]
    assert "conda-lock.yml" in one(plugin.conda_environment_specifiers).default_filenames


def test_only_files_with_names_of_locks_are_opened(plugin: Any, tmp_path: Path) -> None:
    made = one(plugin.conda_environment_specifiers).environment_spec
    (tmp_path / "environment.yml").mkdir()  # would be an error for who reads it
    assert not made(str(tmp_path / "environment.yml")).can_handle()
    assert not made(None).can_handle()
    (tmp_path / "conda-lock.yml").write_text("version: [")
    for name in (str(tmp_path / "conda-lock.yml"), "https://example.org/conda-lock.yml"):
        with pytest.raises(CondaError):
            made(name).can_handle()


def test_what_conda_would_leave_out_is_refused(lock: Any) -> None:
    spec = lock(more=PIP % SHA)
    assert spec.can_handle()
    with pytest.raises(CondaError, match="1 package of pip") as caught:
        spec.env_for("linux-64")
    assert "\x1b" not in str(caught.value)
    with pytest.raises(CondaError, match="no digest of aa"):
        lock(sha="").env_for("linux-64")
    context = sys.modules["conda.base.context"].context  # type: ignore[attr-defined]
    context._argparse_args = {"func": "conda.cli.main_env_update.execute"}
    with pytest.raises(CondaError, match="passes over the packages"):
        lock().env_for("linux-64")


def test_a_file_of_this_disk_is_compared(lock: Any, tmp_path: Path) -> None:
    file = tmp_path / "linux-64" / "aa-1.0-0.conda"
    file.parent.mkdir()
    file.write_bytes(b"what was locked")
    digest = hashlib.sha256(b"what was locked").hexdigest()
    spec = lock(url=f"file://{file}", sha=digest)
    assert spec.env_for("linux-64").explicit_packages
    file.write_bytes(b"something else")
    with pytest.raises(CondaError, match="is not the file that was locked"):
        spec.env_for("linux-64")


def test_beside_conda_lockfiles_it_claims_no_names(
    plugin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conda_lockfiles").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert one(plugin.conda_environment_specifiers).default_filenames == ()


def test_an_older_conda_is_given_nothing(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    older = make_dataclass("CondaEnvironmentSpecifier", ("name", "environment_spec"))
    monkeypatch.setattr(plugin.types, "CondaEnvironmentSpecifier", older)
    assert not list(plugin.conda_environment_specifiers())
