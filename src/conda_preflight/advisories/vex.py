"""VEX: what somebody says about vulnerabilities of products, as OpenVEX or CycloneDX.

Sources: https://github.com/openvex/spec, and "vulnerabilities" in https://cyclonedx.org/docs/1.7/.
Only statements that free a product of a vulnerability are taken; whoever says that something is
affected, or still looks, changes nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from conda_preflight.errors import ReadError
from conda_preflight.plain import value_type

MAX_STATEMENTS = 20_000
_TEXT = 500
_OPENVEX = {"not_affected": "not_affected", "fixed": "fixed"}
_CYCLONEDX = {
    "not_affected": "not_affected",
    "false_positive": "not_affected",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
}
_OF_CYCLONEDX = {
    "code_not_present": "vulnerable_code_not_present",
    "code_not_reachable": "vulnerable_code_not_in_execute_path",
    "protected_by_mitigating_control": "inline_mitigations_already_exist",
    "protected_at_runtime": "inline_mitigations_already_exist",
    "protected_at_perimeter": "inline_mitigations_already_exist",
    "protected_by_compiler": "inline_mitigations_already_exist",
}
"""Justifications of CycloneDX in OpenVEX's words."""


@value_type
class Statement:
    """A vulnerability, by all its names, does not count in these products (package URLs).

    ``status`` and ``justification`` are OpenVEX's words; ``reason`` is a sentence.
    """

    ids: tuple[str, ...]
    products: tuple[str, ...]
    status: str
    justification: str = ""
    reason: str = ""


def parse(text: bytes | str) -> tuple[Statement, ...]:
    """The statements of a document of either kind; raises ReadError, whatever the bytes."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise ReadError("this is not JSON") from None
    if not isinstance(document, dict):
        raise ReadError("this is no VEX document")
    if isinstance(document.get("statements"), list):
        return tuple(_openvex(document["statements"]))
    if document.get("bomFormat") == "CycloneDX":
        return tuple(_cyclonedx(document))
    raise ReadError("this is neither OpenVEX nor CycloneDX")


def _openvex(statements: list[Any]) -> Iterator[Statement]:
    for each in map(_table, statements[:MAX_STATEMENTS]):
        status = _OPENVEX.get(_text(each.get("status")))
        told = each.get("vulnerability")
        ids = (told,) if isinstance(told, str) else _ids_of(_table(told))
        ids = tuple(name for name in ids if isinstance(name, str) and name)
        products = tuple(dict.fromkeys(_products(each)))
        if status and ids and products:
            word = _text(each.get("justification"))
            reason = _text(each.get("impact_statement")) or _text(each.get("status_notes"))
            yield Statement(ids, products, status, word, reason)


def _ids_of(told: dict[str, Any]) -> tuple[Any, ...]:
    name = told.get("name") or _text(told.get("@id")).rpartition("/")[2]
    return (name, *_list(told.get("aliases")))


def _products(statement: dict[str, Any]) -> Iterator[str]:
    """The package URLs of the parts that a statement is about, else of its products."""
    for product in map(_table, _list(statement.get("products"))):
        parts = list(map(_table, _list(product.get("subcomponents"))))
        for one in parts or [product]:
            told = (one.get("@id"), _table(one.get("identifiers")).get("purl"))
            yield from (p for p in told if isinstance(p, str) and p.startswith("pkg:"))


def _cyclonedx(document: dict[str, Any]) -> Iterator[Statement]:
    purls = {
        _text(each.get("bom-ref")): _text(each.get("purl"))
        for each in map(_table, _list(document.get("components")))
    }
    for each in map(_table, _list(document.get("vulnerabilities"))):
        analysis = _table(each.get("analysis"))
        status = _CYCLONEDX.get(_text(analysis.get("state")))
        others = (_table(one).get("id") for one in _list(each.get("references")))
        ids = tuple(i for i in (each.get("id"), *others) if isinstance(i, str) and i)
        refs = (_text(_table(one).get("ref")) for one in _list(each.get("affects")))
        products = tuple(p for r in refs if (p := purls.get(r, r)).startswith("pkg:"))
        if status and ids and products:
            word = _OF_CYCLONEDX.get(_text(analysis.get("justification")), "")
            yield Statement(ids, products, status, word, _text(analysis.get("detail")))


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value[:MAX_STATEMENTS] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value[:_TEXT] if isinstance(value, str) else ""
