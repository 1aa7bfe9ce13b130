"""The ``[docs]`` table of the settings: where the section of the environment is, and how."""

from __future__ import annotations

from dataclasses import fields

from conda_preflight.errors import UsageError
from conda_preflight.plain import value_type
from conda_preflight.setting_values import one_text, refuse_unknown, texts

PARTS = ("table", "targets", "packages", "settings", "commands", "waivers", "audit")
"""The parts of a section, in their order."""


@value_type
class DocsSetting:
    """``file`` and ``template`` are paths in the project, empty for the usual ones.

    ``parts`` are those of PARTS that are written, in that order.
    """

    file: str = ""
    template: str = ""
    parts: tuple[str, ...] = PARTS


NO_DOCS = DocsSetting()
DOCS_KEYS = tuple(field.name for field in fields(DocsSetting))


def read_docs(value: object) -> DocsSetting:
    """The table; raises UsageError for unknown keys, wrong types and parts that do not exist."""
    if not isinstance(value, dict):
        raise UsageError("docs is a table", "Write [docs] with file, template or parts.")
    refuse_unknown(value, DOCS_KEYS, "key of docs")
    parts = texts(value.get("parts", list(PARTS)), "parts of docs")
    refuse_unknown(dict.fromkeys(parts), PARTS, "part of docs")
    return DocsSetting(
        file=one_text(value.get("file", ""), "file of docs"),
        template=one_text(value.get("template", ""), "template of docs"),
        parts=tuple(dict.fromkeys(parts)),
    )
