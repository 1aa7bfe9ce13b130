"""One module per output, each with ``write(report) -> str``: same report, same text.

``escaping`` and ``excerpt`` are what the formats share: hostile text made visible, and a
source line with a caret.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from conda_preflight.report import Report

FORMATS = ("text", "json", "sarif", "junit", "markdown", "html", "github", "gitlab", "openvex")


def write(form: str, report: Report) -> str:
    """The report in one of FORMATS; raises ValueError for another."""
    if form not in FORMATS:
        raise ValueError(f"{form!r} is not a format of reports")
    return cast("str", import_module(f"conda_preflight.writers.{form}").write(report))
