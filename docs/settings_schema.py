"""The JSON schema of a settings file, for editors that complete and check TOML."""

from __future__ import annotations

import json

from conda_preflight.config import KEYS, LEVELS, PRIORITIES, Settings
from conda_preflight.docs_setting import DOCS_KEYS, PARTS
from conda_preflight.facts.dtypes import BITS
from conda_preflight.housekeeping_setting import HOUSEKEEPING_KEYS
from conda_preflight.ledger_setting import LEDGER_KEYS
from conda_preflight.model_setting import MODEL_KEYS
from conda_preflight.policy_setting import POLICY_KEYS
from conda_preflight.report import Rule, Severity
from conda_preflight.smoke_setting import SMOKE_KEYS
from conda_preflight.waiver_setting import WAIVER_KEYS
from docs.rule_pages import kind, rules
from docs.setting_texts import (
    DOCS,
    HOUSEKEEPING,
    LEDGER,
    MODEL,
    POLICY,
    SETTINGS,
    SEVERITY,
    SMOKE,
    WAIVER,
)

Json = dict[str, object]
_TEXT: Json = {"type": "string"}
_TEXTS: Json = {"$ref": "#/$defs/texts"}
_WEIGHT: Json = {"$ref": "#/$defs/severity"}
_KINDS: dict[str, Json] = {
    "list of texts": _TEXTS,
    "true or false": {"type": "boolean"},
    "number": {"type": "integer"},
    "decimal number": {"type": "number"},
    "text": _TEXT,
}


def schema() -> str:
    """The schema of ``preflight.toml``, which is that of the table in ``pyproject.toml``."""
    document: Json = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:conda-preflight:schema:settings:1",
        "title": "Settings of conda-preflight, version 1",
        "description": "preflight.toml, or the table [tool.conda-preflight] of pyproject.toml.",
        **_object({key: {**_shape(key), **_told(key, SETTINGS[key])} for key in KEYS}),
        "$defs": {
            "texts": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
            "severity": {"enum": [severity.value for severity in Severity]},
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _shape(key: str) -> Json:
    shapes: dict[str, Json] = {
        "fail-on": {**_WEIGHT, "default": Severity.ERROR.value},
        "solve": _KINDS["true or false"],
        "channel-priority": {"enum": [*PRIORITIES]},
        "verify": {"enum": [*LEVELS]},
        "target": {"type": "object", "additionalProperties": {"type": "object"}},
        "model": _model(),
        "smoke": _smoke(),
        "docs": _docs(),
        "ledger": _ledger(),
        "housekeeping": _housekeeping(),
        "policy": _policy(),
        "waivers": {"type": "array", "items": _waiver()},
        "rules": _object({name: _rule(rule) for rule in rules() for name in _names(rule)}),
    }
    plain = _TEXT if isinstance(getattr(Settings(), key.replace("-", "_"), None), str) else _TEXTS
    return shapes.get(key, plain)


def _told(title: str, text: str) -> Json:
    return {"title": title, "description": text}


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _model() -> Json:
    count: Json = {"anyOf": [{"type": "integer", "minimum": 1}, _TEXT]}
    shapes: dict[str, Json] = {
        "parameters": count,
        "dtype": {"enum": [*BITS]},
        "tokens": {"type": "integer", "minimum": 1},
    }
    return _object({k: {**shapes.get(k, _TEXT), **_told(k, MODEL[k])} for k in MODEL_KEYS})


def _smoke() -> Json:
    shapes: dict[str, Json] = {"script": _TEXT, "seconds": {"type": "integer", "minimum": 1}}
    return _object({k: {**shapes.get(k, _TEXTS), **_told(k, SMOKE[k])} for k in SMOKE_KEYS})


def _docs() -> Json:
    parts: Json = {"type": "array", "items": {"enum": [*PARTS]}, "default": [*PARTS]}
    shapes: dict[str, Json] = {"parts": parts}
    return _object({k: {**shapes.get(k, _TEXT), **_told(k, DOCS[k])} for k in DOCS_KEYS})


def _ledger() -> Json:
    shapes: dict[str, Json] = {"reports": {"type": "boolean", "default": False}}
    return _object({k: {**shapes.get(k, _TEXT), **_told(k, LEDGER[k])} for k in LEDGER_KEYS})


def _housekeeping() -> Json:
    shapes: dict[str, Json] = {"keep": _TEXTS}
    keys = {k: {**shapes.get(k, _TEXT), **_told(k, HOUSEKEEPING[k])} for k in HOUSEKEEPING_KEYS}
    return _object(keys)


def _policy() -> Json:
    return _object({k: {**_TEXTS, **_told(k, POLICY[k])} for k in POLICY_KEYS})


def _waiver() -> Json:
    keys: Json = {key: {**_TEXT, **_told(key, WAIVER[key])} for key in WAIVER_KEYS}
    named: list[Json] = [{"required": [key]} for key in ("rule", "id", "package")]
    return {**_object(keys), "anyOf": named}


def _names(rule: Rule) -> tuple[str, ...]:
    return (rule.id, *rule.formerly)


def _rule(rule: Rule) -> Json:
    given = {name: _option(name, value) for name, value in rule.settings.items()}
    weight: Json = {**_WEIGHT, **_told("severity", SEVERITY), "default": rule.severity.value}
    return {**_told(rule.id, rule.summary), **_object({**given, "severity": weight})}


def _option(name: str, value: object) -> Json:
    default = list(value) if isinstance(value, tuple) else value
    return {**_KINDS[kind(value)], "title": name, "default": default}
