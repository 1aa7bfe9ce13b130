"""The parts of a section about an environment, each as lines of Markdown, none where it is empty.

Everything foreign is escaped, so that a name can be no markup, and no mark of a section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from conda_preflight.answers.docs_commands import commands
from conda_preflight.answers.docs_description import Description
from conda_preflight.describing.contents import KeyPackage
from conda_preflight.describing.fact import Fact
from conda_preflight.writers.markdown import code, prose

MAX_ROWS = 100
"""Rows of one table; what is beyond them is counted."""
DIGEST = "SHA-256 of "
"""Begins the label of the row that holds a lock's digest."""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table, or nothing where it has no rows."""
    every = list(rows)
    if not every:
        return []
    more = len(every) - MAX_ROWS
    lines = [_row(head), "|" + "---|" * len(head), *map(_row, every[:MAX_ROWS])]
    return [*lines, "", f"And {more} more."] if more > 0 else lines


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _facts(facts: Iterable[Fact]) -> Iterator[tuple[str, str]]:
    for each in facts:
        yield prose(each.label), "<br>".join(map(prose, each.lines))


def _codes(words: Iterable[str]) -> str:
    return ", ".join(map(code, words))


def table(description: Description) -> list[str]:
    """What the environment is: names, lock and digest, platforms, channels, technologies, size."""
    about = (
        ("Environment", _codes(filter(None, [description.name or "", *description.environments]))),
        ("Asked for in", _codes(description.manifests)),
        ("Locked in", _codes(file.path for file in description.locks)),
        *((f"{DIGEST}{code(file.path)}", code(file.sha256)) for file in description.locks),
        ("Platforms", ", ".join(map(prose, description.platforms))),
        ("Channels", _codes(description.channels)),
        *_facts(description.technologies),
        *_facts(description.contents),
    )
    return _table(("", "This environment"), [row for row in about if row[1]])


def targets(description: Description) -> list[str]:
    """The machines that it must run on, and whether it can."""
    rows = ((prose(name), verdict, _codes(why)) for name, verdict, why in description.targets)
    return _table(("Target", "Verdict", "Because of"), rows)


def packages(description: Description) -> list[str]:
    """The packages that matter: what was asked for, and what is locked."""
    rows = (
        (code(p.name), p.manager, _codes(filter(None, [p.asked])), _locked(p))
        for p in description.packages
    )
    return _table(("Package", "By", "Asked for", "Locked"), rows)


def _locked(package: KeyPackage) -> str:
    return "<br>".join(map(code, package.locked)) or "not locked"


def settings(description: Description) -> list[str]:
    """What changes an installation or a run beside the packages."""
    rows = ((prose(kind), _codes(words)) for kind, words in description.settings.items() if words)
    return _table(("Setting", "Is"), rows)


def build(description: Description) -> list[str]:
    """How to make the environment and to verify it."""
    return ["```bash", *commands(description), "```"]


def waivers(description: Description) -> list[str]:
    """The exceptions that are in force, and how long."""
    rows = (
        (code(w.rule), prose(w.reason), prose(w.expires) or "no end") for w in description.waivers
    )
    return _table(("Excepted", "Because", "Until"), rows)


def audit(description: Description) -> list[str]:
    """The verdict, and how far it goes."""
    verdict, because = description.verdict, description.because
    return [
        f"`conda-preflight audit` says **{verdict}** by the files of this project alone:",
        "nothing was solved, installed or asked of a network, a machine or a database for it.",
        *((f"In its way: {_codes(because)}.",) if because else ()),
    ]


PARTS: dict[str, tuple[str, Callable[[Description], list[str]]]] = {
    "table": ("", table),
    "targets": ("Where it runs", targets),
    "packages": ("Key packages", packages),
    "settings": ("Special settings", settings),
    "commands": ("Build and verify", build),
    "waivers": ("Exceptions", waivers),
    "audit": ("Verdict", audit),
}
"""Each part with its heading in the template that is used where there is no other."""
