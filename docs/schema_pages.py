"""The table of published schemas, from the schemas."""

from __future__ import annotations

from conda_preflight.schema_files import names, published
from docs.markup import cell, code, table


def schemas() -> str:
    """Each schema with its name, its title and what it says of itself."""
    return table(("Name", "Title", "What it is about"), map(_row, names()))


def _row(name: str) -> tuple[str, str, str]:
    schema = published(name)
    title = str(schema["title"]).rpartition(",")[0]
    where = str(schema["description"]).removesuffix(".").partition(". ")[0]
    return code(name), cell(title), cell(f"{where}.")
