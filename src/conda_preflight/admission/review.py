"""The question of an API server and the answer to it: AdmissionReview of admission.k8s.io/v1.

Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conda_preflight.attesting.strict_json import load
from conda_preflight.errors import ReadError
from conda_preflight.plain import document_type

VERSION = "admission.k8s.io/v1"
MAX_BYTES = 8 * 1024 * 1024
"""Of a question: an object of at most 1.5 MiB, its old state, and what stands around them."""

_MAX_UID = 256
_MAX_MESSAGE = 8_000
_MAX_WARNING, _MAX_WARNINGS = 250, 12
_MAX_NOTE = 4_000
_FORBIDDEN = 403


@document_type
class Question:
    """What shall be done: ``operation`` to ``thing``, which was ``old`` before an update."""

    uid: str
    operation: str
    namespace: str
    thing: Mapping[str, Any]
    old: Mapping[str, Any] | None = None

    @property
    def title(self) -> str:
        """``NAMESPACE/NAME`` of the object, as far as they are known."""
        about = self.thing.get("metadata")
        named = about if isinstance(about, dict) else {}
        name = named.get("name") or named.get("generateName") or ""
        return "/".join(str(part) for part in (self.namespace, name) if part)


@document_type
class Decision:
    """Yes or no: ``reasons`` against it, warnings for who asked, notes for the log of the audit."""

    allowed: bool
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: Mapping[str, str] | None = None


def read(data: bytes) -> Question:
    """The question in the body of a request; raises ReadError."""
    found = load(data, "The review")
    request = found.get("request")
    if found.get("kind") != "AdmissionReview" or found.get("apiVersion") != VERSION:
        raise ReadError(f"This is no AdmissionReview of {VERSION}")
    if not isinstance(request, dict):
        raise ReadError("The review has no request")
    uid = request.get("uid")
    if not isinstance(uid, str) or not 0 < len(uid) <= _MAX_UID:
        raise ReadError("The request has no uid")
    thing, old = request.get("object"), request.get("oldObject")
    return Question(
        uid=uid,
        operation=str(request.get("operation")),
        namespace=str(request.get("namespace") or ""),
        thing=thing if isinstance(thing, dict) else {},
        old=old if isinstance(old, dict) else None,
    )


def answer(uid: str, decision: Decision) -> dict[str, Any]:
    """The review that is sent back; every text is one line and bounded."""
    response: dict[str, Any] = {"uid": uid, "allowed": decision.allowed}
    if not decision.allowed:
        told = _line(" ".join(decision.reasons) or "It is refused.", _MAX_MESSAGE)
        response["status"] = {"code": _FORBIDDEN, "reason": "Forbidden", "message": told}
    if decision.warnings:
        rows = decision.warnings[:_MAX_WARNINGS]
        response["warnings"] = [_line(each, _MAX_WARNING) for each in rows]
    if decision.notes:
        notes = {key: _line(text, _MAX_NOTE) for key, text in decision.notes.items()}
        response["auditAnnotations"] = notes
    return {"apiVersion": VERSION, "kind": "AdmissionReview", "response": response}


def _line(text: str, most: int) -> str:
    from conda_preflight.writers.escaping import visible

    whole = visible(text, most)
    return whole if len(whole) <= most else f"{whole[: most - 3]}..."
