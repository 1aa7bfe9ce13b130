"""``why`` as JSON, version 1, in ASCII."""

from __future__ import annotations

import json
from typing import Any

from conda_preflight.chains import Answer, Chain, Explanation, Node
from conda_preflight.installation import Place
from conda_preflight.shortest import MAX_COUNT

VERSION = 1


def write(answer: Answer, subject: str) -> str:
    """One JSON document that ends with a line feed; ``docs/why.md`` has its keys."""
    document = {
        "schema_version": VERSION,
        "subject": subject,
        "package": answer.name,
        "found": bool(answer.explanations) or (None if answer.declared else False),
        "explanations": [_explanation(each) for each in answer.explanations],
        "absent": [place(each) for each in answer.elsewhere],
        "near": list(answer.near),
        "unmet": [{"spec": ask.text, "place": ask.place} for ask in answer.unmet],
    }
    return json.dumps(document, indent=2) + "\n"


def _explanation(explanation: Explanation) -> dict[str, Any]:
    reason = explanation.reason
    return {
        "package": _node(explanation.target),
        "places": [place(each) for each in explanation.places],
        "known": reason is not None,
        "asked": reason.asked if reason else None,
        "chains": [_chain(chain) for chain in reason.chains] if reason else [],
        "total": reason.total if reason else None,
        "total_is_exact": reason.total < MAX_COUNT if reason else None,
        "dependents": [_node(node) for node in reason.dependents] if reason else [],
    }


def _chain(chain: Chain) -> dict[str, Any]:
    ask = chain.ask
    return {
        "asked_by": {"spec": ask.text, "place": ask.place} if ask else None,
        "steps": [_node(node) | {"constraint": node.constraint} for node in chain.nodes],
    }


def _node(node: Node) -> dict[str, str]:
    return {
        "manager": node.manager,
        "name": node.name,
        "version": node.version,
        "channel": node.channel,
    }


def place(at: Place) -> dict[str, str]:
    """An environment and a platform, empty where there is no name."""
    return {"environment": at.environment, "platform": at.platform}
