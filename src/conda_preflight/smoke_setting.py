"""The ``[smoke]`` table of the settings: what ``rebuild`` tries in a prefix."""

from __future__ import annotations

from dataclasses import fields

from conda_preflight.errors import UsageError
from conda_preflight.plain import value_type
from conda_preflight.setting_values import one_text, positive, refuse_unknown, texts


@value_type
class SmokeSetting:
    """What to try; without any of it, the imports of every package that was asked for.

    ``command`` is one text, read as a shell reads words, or a list of words; ``script`` a
    file; ``imports`` are modules; ``seconds`` bounds each test.
    """

    command: tuple[str, ...] = ()
    script: str = ""
    imports: tuple[str, ...] = ()
    seconds: int = 300


NO_SMOKE = SmokeSetting()
SMOKE_KEYS = tuple(field.name for field in fields(SmokeSetting))


def read_smoke(value: object) -> SmokeSetting:
    """The table; raises UsageError for unknown keys and wrong types."""
    if not isinstance(value, dict):
        raise UsageError("smoke is a table", "Write [smoke] with command, script or imports.")
    refuse_unknown(value, SMOKE_KEYS, "key of smoke")
    return SmokeSetting(
        command=texts(value.get("command", []), "command of smoke"),
        script=one_text(value.get("script", ""), "script of smoke"),
        imports=texts(value.get("imports", []), "imports of smoke"),
        seconds=positive(value.get("seconds", NO_SMOKE.seconds), "seconds of smoke"),
    )
