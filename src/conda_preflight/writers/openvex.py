"""OpenVEX 0.2.0: what this audit says about each vulnerability, for other scanners to read.

Source: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md. What an exception frees is said
with its own stance, or as affected with the reason where it only accepts the risk; everything
else is affected, with what to do. The time is that of SOURCE_DATE_EPOCH where it is set.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from hashlib import sha256

from conda_preflight.report import Finding, Report
from conda_preflight.writers.escaping import visible

CONTEXT = "https://openvex.dev/ns/v0.2.0"
JUSTIFICATIONS = frozenset(
    (
        "component_not_present",
        "vulnerable_code_not_present",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
    )
)
_WATCH = "Upgrade when a fixed version is known."
Json = dict[str, object]


def write(report: Report) -> str:
    """The document, in ASCII; its id is made of its statements."""
    found = [f for f in report.findings if f.problem.ids and f.problem.purls]
    statements = [_statement(finding) for finding in found]
    digest = sha256(json.dumps(statements, sort_keys=True).encode()).hexdigest()
    document = {
        "@context": CONTEXT,
        "@id": f"urn:conda-preflight:vex:{digest}",
        "author": f"conda-preflight {visible(report.version)}".rstrip(),
        "timestamp": _now(),
        "version": 1,
        "statements": statements,
    }
    return json.dumps(document, indent=2) + "\n"


def _statement(finding: Finding) -> Json:
    problem = finding.problem
    name, *aliases = map(visible, problem.ids)
    status, _, justification = finding.stance.partition("/")
    told: Json = {
        "vulnerability": {"name": name, **({"aliases": aliases} if aliases else {})},
        "products": [{"@id": visible(purl)} for purl in problem.purls],
        "status": status if finding.muted and status else "affected",
    }
    if told["status"] == "not_affected":
        if justification in JUSTIFICATIONS:
            told["justification"] = justification
        told["impact_statement"] = visible(finding.muted)
    elif told["status"] == "affected":
        told["action_statement"] = visible(finding.muted or problem.fix) or _WATCH
    return told


def _now() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    when = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
