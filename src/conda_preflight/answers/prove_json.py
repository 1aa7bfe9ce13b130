"""``freeze --prove`` as JSON, version 1, in ASCII."""

from __future__ import annotations

import json

from conda_preflight.proving.outcome import CHANGED, UNTRIED, Proof, Result

VERSION = 1
MAX_CHANGES = 1000


def write(proof: Proof) -> str:
    """One JSON document that ends with a line feed; ``docs/freeze.md`` has its keys."""
    document = {
        "schema_version": VERSION,
        "prefix": proof.prefix,
        "user": proof.user,
        "files": proof.files,
        "tried": proof.tried,
        "changed": len(proof.of(CHANGED)),
        "not_tried": len(proof.of(UNTRIED)),
        "attempts": [_row(result) for result in proof.results],
    }
    return json.dumps(document, indent=2) + "\n"


def _row(result: Result) -> dict[str, object]:
    return {
        "name": result.name,
        "tool": result.tool,
        "verdict": result.verdict,
        "reason": result.reason,
        "beyond": result.is_beyond,
        "seconds": round(result.seconds, 3),
        "changes": [{"path": c.path, "what": c.what} for c in result.changes[:MAX_CHANGES]],
    }
