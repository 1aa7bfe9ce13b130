"""The ``[ledger]`` table of the settings: where records are kept, and how much of them."""

from __future__ import annotations

from dataclasses import fields

from conda_preflight.errors import UsageError
from conda_preflight.plain import value_type
from conda_preflight.setting_values import one_text, refuse_unknown


@value_type
class LedgerSetting:
    """``url`` is a file below the settings, a server, "off", or empty for the user's own ledger.

    ``reports`` keeps the whole report with each record.
    """

    url: str = ""
    reports: bool = False


NO_LEDGER = LedgerSetting()
LEDGER_KEYS = tuple(field.name for field in fields(LedgerSetting))


def read_ledger(value: object) -> LedgerSetting:
    """The table; raises UsageError for unknown keys and wrong types."""
    if not isinstance(value, dict):
        raise UsageError("ledger is a table", 'Write [ledger] with url = "FILE".')
    refuse_unknown(value, LEDGER_KEYS, "key of ledger")
    reports = value.get("reports", NO_LEDGER.reports)
    if not isinstance(reports, bool):
        raise UsageError(f"reports of ledger is true or false, not {reports!r}")
    return LedgerSetting(one_text(value.get("url", ""), "url of ledger"), reports)
