"""Settings: defaults < preflight.toml or pyproject.toml < CONDA_PREFLIGHT_* < command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from conda_preflight.docs_setting import NO_DOCS, DocsSetting, read_docs
from conda_preflight.errors import UsageError
from conda_preflight.housekeeping_setting import (
    NO_HOUSEKEEPING,
    HousekeepingSetting,
    read_housekeeping,
)
from conda_preflight.ledger_setting import NO_LEDGER, LedgerSetting, read_ledger
from conda_preflight.model_setting import NO_MODEL, ModelSetting, read_model
from conda_preflight.plain import value_type
from conda_preflight.policy_setting import NO_POLICY, PolicySetting, read_policy
from conda_preflight.report import Severity
from conda_preflight.setting_values import one_text, refuse_unknown, tables, texts
from conda_preflight.smoke_setting import NO_SMOKE, SmokeSetting, read_smoke
from conda_preflight.waiver_setting import WaiverSetting, read_waivers

TABLE = "conda-preflight"
FILES = ("preflight.toml", "pyproject.toml")
ENVIRONMENT = "CONDA_PREFLIGHT_"
MAX_BYTES = 4 * 1024 * 1024


@value_type
class Settings:
    """Everything that a person can decide; ``file`` is where it was read, empty for none.

    ``rules`` holds the options of each rule by id, ``severities`` the weight that was
    set for it; ``targets`` are names or files of fact sheets, ``target`` the facts
    of those that the settings describe, by name. ``solve`` is None where an
    audit solves if that needs no network; ``channel_priority`` is "strict", "disabled" or
    empty for not stated; ``verify`` is one of LEVELS, or empty for "digests". ``db`` is the
    advisory database, or "online"; ``max_age`` is in days, empty for any.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    require: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    target: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    baseline: str = ""
    manifest: str = ""
    lock: str = ""
    solve: bool | None = None
    channel_alias: str = ""
    channel_priority: str = ""
    exclude_newer: str = ""
    verify: str = ""
    db: str = ""
    max_age: str = ""
    vex: tuple[str, ...] = ()
    virtual_packages: tuple[str, ...] = ()
    model: ModelSetting = NO_MODEL
    smoke: SmokeSetting = NO_SMOKE
    docs: DocsSetting = NO_DOCS
    ledger: LedgerSetting = NO_LEDGER
    housekeeping: HousekeepingSetting = NO_HOUSEKEEPING
    policy: PolicySetting = NO_POLICY
    waivers: tuple[WaiverSetting, ...] = ()
    rules: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    file: str = ""


_CHOICES = ("select", "ignore", "require")
_LISTS = (*_CHOICES, "platforms", "targets", "exclude", "virtual-packages", "vex")
_FILES = ("baseline", "manifest", "lock")
_OF_CHANNELS = ("channel-alias", "channel-priority", "exclude-newer")
_TEXTS = (*_FILES, *_OF_CHANNELS, "verify", "db", "max-age")
_SWITCHES = ("solve",)
_TABLES = (
    "target",
    "model",
    "smoke",
    "docs",
    "ledger",
    "housekeeping",
    "policy",
    "waivers",
    "rules",
)
KEYS = ("fail-on", *_LISTS, *_TEXTS, *_SWITCHES, *_TABLES)
ONLINE = "online"
"""In the place of a database: OSV's service is asked."""
PRIORITIES = ("strict", "disabled")
LEVELS = ("quick", "digests", "full")
_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def settings(start: Path, overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings for a path; ``overrides`` are what the command line gave, by field name.

    Raises UsageError for unreadable files, unknown keys and wrong types.
    """
    found = find(start)
    base = load(found) if found else Settings()
    base = replace(base, **_from_environment(os.environ))
    given = {key: value for key, value in (overrides or {}).items() if value not in (None, (), "")}
    return replace(base, **given)


def find(start: Path) -> Path | None:
    """The nearest settings file upward: ``preflight.toml``, or a pyproject with our table."""
    try:
        here = start.resolve()
    except RuntimeError:  # a link that leads to itself, as Python 3.11 and 3.12 say it
        here = start.absolute()
    for folder in (here, *here.parents):
        for name in FILES:
            file = folder / name
            if file.is_file() and (name == FILES[0] or _has_table(file)):
                return file
    return None


def load(file: Path) -> Settings:
    """The settings of one file; raises UsageError with the file's name."""
    text = _text(file)
    table = _table(file, text)
    try:
        return _beside(file, replace(_settings(table, text), file=str(file)))
    except UsageError as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from None


def _beside(file: Path, read: Settings) -> Settings:
    """The settings with the files that they name taken from the folder of the settings."""
    files: dict[str, Any] = {
        key: str(file.parent / name) for key in _FILES if (name := getattr(read, key))
    }
    targets = tuple(
        str(file.parent / t) if t.endswith((".json", ".jsonl")) else t for t in read.targets
    )
    files |= {"vex": tuple(str(file.parent / name) for name in read.vex)}
    if read.db and read.db != ONLINE:
        files["db"] = str(file.parent / read.db)
    smoke = read.smoke
    if smoke.script:
        smoke = replace(smoke, script=str(file.parent / smoke.script))
    model = read.model
    if model.file:
        model = replace(model, file=str(file.parent / model.file))
    policy = replace(read.policy, folder=str(file.parent))
    return replace(read, targets=targets, model=model, smoke=smoke, policy=policy, **files)


def _has_table(file: Path) -> bool:
    try:
        return f"[tool.{TABLE}" in _text(file)
    except UsageError:
        return False


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: the settings cannot be read: {error}") from None


def _table(file: Path, text: str) -> dict[str, Any]:
    import tomllib

    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{file}: this is not TOML: {error}") from None
    if file.name == FILES[0]:
        return document
    table: dict[str, Any] = document.get("tool", {}).get(TABLE, {})
    return table


def _settings(table: Mapping[str, Any], text: str) -> Settings:
    refuse_unknown(table, KEYS, "setting")
    values: dict[str, Any] = {
        key.replace("-", "_"): read(table[key], key)
        for keys, read in ((_LISTS, texts), (_TEXTS, one_text), (_SWITCHES, _switch))
        for key in keys
        if key in table
    }
    if "fail-on" in table:
        values["fail_on"] = severity(table["fail-on"], "fail-on")
    if "target" in table:
        values["target"] = tables(table["target"], "target")
    if "housekeeping" in table:
        values["housekeeping"] = read_housekeeping(table["housekeeping"])
    values |= {key: read(table[key]) for key, read in _OWN_TABLES.items() if key in table}
    if "waivers" in table:
        values["waivers"] = read_waivers(table["waivers"], text)
    if "rules" in table:
        values["rules"], values["severities"] = _rules(table["rules"])
    return Settings(**values)


_OWN_TABLES: Mapping[str, Callable[[object], object]] = {
    "model": read_model,
    "smoke": read_smoke,
    "docs": read_docs,
    "ledger": read_ledger,
    "policy": read_policy,
}


def _rules(value: object) -> tuple[dict[str, dict[str, object]], dict[str, Severity]]:
    from conda_preflight.catalog import find as find_check

    options: dict[str, dict[str, object]] = {}
    weights: dict[str, Severity] = {}
    for name, written in tables(value, "rules").items():
        check = find_check(name)
        refuse_unknown(written, (*check.rule.settings, "severity"), f"option of {name}")
        table = {key.replace("-", "_"): item for key, item in written.items()}
        if "severity" in table:
            weights[check.rule.id] = severity(table["severity"], f"severity of {name}")
        options[check.rule.id] = {
            key: _like(item, check.defaults[key], f"{key} of {name}")
            for key, item in table.items()
            if key != "severity"
        }
    return options, weights


def _like(value: object, default: object, key: str) -> object:
    if isinstance(default, tuple):
        return texts(value, key)
    if isinstance(default, float) and type(value) is int:
        return float(value)
    if type(value) is not type(default):
        raise UsageError(f"{key} must be of the kind of its default, {default!r}")
    return value


def severity(value: object, key: str) -> Severity:
    """A severity from its word; raises UsageError."""
    try:
        return Severity(value)
    except ValueError:
        raise UsageError(f"{key} is error, warning or note, not {value!r}") from None


def _switch(value: object, key: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{key} is true or false, not {value!r}")
    return value


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key in (*_LISTS, *_TEXTS, *_SWITCHES):
        name = key.replace("-", "_")
        if text := environment.get(ENVIRONMENT + name.upper()):
            values[name] = _from_variable(key, text)
    if text := environment.get(f"{ENVIRONMENT}FAIL_ON"):
        values["fail_on"] = severity(text, f"{ENVIRONMENT}FAIL_ON")
    return values


def _from_variable(key: str, text: str) -> object:
    if key in _SWITCHES:
        return _switch(_WORDS.get(text.lower(), text), key)
    if key in _LISTS:
        return tuple(word.strip() for word in text.split(",") if word.strip())
    return text
