"""The tables of settings, of options of rules and of the keys of a waiver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from conda_preflight.cli.audit import command
from conda_preflight.config import ENVIRONMENT, KEYS, Settings
from conda_preflight.docs_setting import DOCS_KEYS, NO_DOCS
from conda_preflight.housekeeping_setting import HOUSEKEEPING_KEYS, NO_HOUSEKEEPING
from conda_preflight.ledger_setting import LEDGER_KEYS, NO_LEDGER
from conda_preflight.smoke_setting import NO_SMOKE, SMOKE_KEYS
from conda_preflight.waiver_setting import WAIVER_KEYS, WaiverSetting
from docs.markup import cell, code, table
from docs.rule_pages import kind, rules, toml
from docs.setting_texts import DOCS, HOUSEKEEPING, LEDGER, SETTINGS, SMOKE, WAIVER

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
_SHOWN = 60


def setting_table() -> str:
    """Every key with its meaning, default, and the other places that set it."""
    head = ("Key", "Meaning", "Default", "Command line", "Environment")
    return table(head, (_row(key) for key in KEYS))


def _row(key: str) -> tuple[str, ...]:
    name = key.replace("-", "_")
    default = getattr(Settings(), name)
    shown = toml(getattr(default, "value", default)) if _is_plain(key, default) else "none"
    variable = code(f"{ENVIRONMENT}{name.upper()}") if key not in _TABLES else ""
    return code(key), cell(SETTINGS[key]), code(shown), code(_flag(name)), variable


def _is_plain(key: str, default: object) -> bool:
    return key not in _TABLES and default is not None


def _flag(name: str) -> str:
    """The option of ``audit`` that overrides a setting, empty where there is none."""
    return next((p.opts[0] for p in command.params if p.name == name and p.opts[0][0] == "-"), "")


def waiver_keys() -> str:
    """Every key of a waiver with its meaning and default."""
    defaults = {field.name: field.default for field in fields(WaiverSetting)}
    needed = ("rule", "reason", "expires")
    rows = (
        (code(key), cell(WAIVER[key]), "needed" if key in needed else code(toml(defaults[key])))
        for key in WAIVER_KEYS
    )
    return table(("Key", "Meaning", "Default"), rows)


def smoke_keys() -> str:
    """Every key of the smoke test with its meaning and default."""
    rows = ((code(k), cell(SMOKE[k]), code(toml(getattr(NO_SMOKE, k)))) for k in SMOKE_KEYS)
    return table(("Key", "Meaning", "Default"), rows)


def docs_keys() -> str:
    """Every key of the section in a README with its meaning and default."""
    rows = ((code(k), cell(DOCS[k]), code(toml(getattr(NO_DOCS, k)))) for k in DOCS_KEYS)
    return table(("Key", "Meaning", "Default"), rows)


def ledger_keys() -> str:
    """Every key of the ledger with its meaning and default."""
    rows = ((code(k), cell(LEDGER[k]), code(toml(getattr(NO_LEDGER, k)))) for k in LEDGER_KEYS)
    return table(("Key", "Meaning", "Default"), rows)


def housekeeping_keys() -> str:
    """Every key of housekeeping with its meaning and default."""
    rows = (
        (code(k), cell(HOUSEKEEPING[k]), code(toml(getattr(NO_HOUSEKEEPING, k.replace("-", "_")))))
        for k in HOUSEKEEPING_KEYS
    )
    return table(("Key", "Meaning", "Default"), rows)


def options() -> str:
    """Every option of every rule; a long default is on the rule's page."""
    return table(("Rule", "Option", "Kind", "Default"), _options())


def _options() -> Iterator[tuple[str, ...]]:
    for rule in rules():
        for name, value in rule.settings.items():
            shown = toml(value)
            short = code(shown) if len(shown) <= _SHOWN else "see the page of the rule"
            yield f"[{rule.id}](rules/{rule.id}.md)", code(name), kind(value), short
