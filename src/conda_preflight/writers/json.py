"""The published JSON of a report (see ``schema``), in ASCII, so that nothing in it acts."""

from __future__ import annotations

import json

from conda_preflight.report import Report
from conda_preflight.schema import to_json


def write(report: Report) -> str:
    """The report as one JSON document that ends with a line feed."""
    return json.dumps(to_json(report), indent=2) + "\n"
