"""``python -m docs.generate``: writes what of the documentation is made from the code.

Rule pages are whole files; in pages written by hand the generated part stands between two
marks. ``--check`` writes nothing, names what is not up to date and exits with 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from conda_preflight.catalog import INDEX, own_modules
from conda_preflight.declaration import declared, index_line
from docs.ci_files import ci_files
from docs.command_pages import commands
from docs.document_pages import documents, readers
from docs.fact_pages import fact_sources, fact_tables
from docs.failure_pages import failure_modes
from docs.layers import layers
from docs.manual import manual
from docs.rule_pages import navigation, rule_pages
from docs.schema_pages import schemas
from docs.setting_pages import (
    docs_keys,
    housekeeping_keys,
    ledger_keys,
    options,
    setting_table,
    smoke_keys,
    waiver_keys,
)
from docs.settings_schema import schema
from docs.translation_pages import coverage

TOP = Path(__file__).resolve().parents[1]
DECLARATIONS = f"src/conda_preflight/checks/{INDEX}"
MANUAL = "man/conda-preflight.1"
SCHEMA = "src/conda_preflight/schemas/settings-1.json"
BLOCKS = {
    "mkdocs.yml": {"rules": navigation},
    "docs/settings.md": {"settings": setting_table, "options": options},
    "docs/rebuild.md": {"smoke keys": smoke_keys},
    "docs/history.md": {"ledger keys": ledger_keys},
    "docs/clean.md": {"housekeeping keys": housekeeping_keys},
    "docs/schemas.md": {"schemas": schemas},
    "docs/docs-command.md": {"docs keys": docs_keys},
    "docs/waivers.md": {"waiver keys": waiver_keys},
    "docs/commands.md": {"commands": commands},
    "docs/architecture.md": {"layers": layers},
    "docs/facts.md": {"tables": fact_tables, "sources": fact_sources},
    "docs/failure-modes.md": {"failure modes": failure_modes},
    "docs/languages.md": {"translations": coverage},
    "docs/documents.md": {"readers": readers, "documents": documents},
}
"""Files with generated parts, and what makes each part, by the name in its marks."""

_PART = r"(^\S+ generated: {0}\b.*\n)(?:.*\n)*?(^\S+ end of {0}\b.*$)"


def pages() -> dict[str, str]:
    """Every generated file as it must be, by path below the repository."""
    mixed = {name: _filled(name) for name in BLOCKS}
    own = {SCHEMA: schema(), DECLARATIONS: declarations(), MANUAL: manual()}
    return {**rule_pages(), **mixed, **ci_files(), **own}


def declarations() -> str:
    """What each module with one check declares, by reading the modules."""
    rows = [(module, declared(module, file)) for module, file in own_modules()]
    lone = [(module, found[0]) for module, found in rows if len(found) == 1]
    return "".join(f"{index_line(module, check)}\n" for module, check in lone)


def stale() -> list[str]:
    """The generated files that are missing or differ."""
    return [name for name, text in pages().items() if _now(TOP / name) != text]


def orphans() -> list[str]:
    """Pages of rules that are no more."""
    found = (TOP / "docs" / "rules").rglob("*.md")
    names = {file.relative_to(TOP).as_posix() for file in found}
    return sorted(names - rule_pages().keys())


def write() -> list[str]:
    """Bring everything up to date; returns the files that changed."""
    changed, gone, new = stale(), orphans(), pages()
    for name in changed:
        (TOP / name).parent.mkdir(parents=True, exist_ok=True)
        (TOP / name).write_text(new[name], encoding="utf-8")
    for name in gone:
        (TOP / name).unlink()
        if not any((TOP / name).parent.iterdir()):
            (TOP / name).parent.rmdir()
    return [*changed, *gone]


def _filled(name: str) -> str:
    text = _now(TOP / name)
    for part, make in BLOCKS[name].items():
        marks = re.compile(_PART.format(part), re.MULTILINE)
        found = marks.search(text)
        if not found:
            raise ValueError(f"{name} has no place for the generated part {part!r}")
        gap = "\n" if name.endswith(".md") else ""
        text = f"{text[: found.end(1)]}{gap}{make()}\n{gap}{text[found.start(2) :]}"
    return text


def _now(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 when everything is up to date now, 1 when ``--check`` found it was not."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("Usage: python -m docs.generate [--check]\n")
        return 2
    checking = bool(arguments)
    names = [*stale(), *orphans()] if checking else write()
    word = "not up to date" if checking else "written"
    sys.stdout.write("".join(f"{word}: {name}\n" for name in names))
    return int(checking and bool(names))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
