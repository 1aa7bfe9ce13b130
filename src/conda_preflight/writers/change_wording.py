"""What the formats say alike of changes since a revision; nothing here is escaped yet."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.language import say, word
from conda_preflight.report import ChangedPackage, ChangedSize, Changes, Finding
from conda_preflight.writers.wording import listed, number

KINDS = {
    "digest": "other bytes",
    "added": "added",
    "removed": "removed",
    "downgraded": "downgraded",
    "upgraded": "upgraded",
    "reversioned": "other version",
    "manager": "other manager",
    "channel": "other channel",
    "rebuilt": "rebuilt",
    "source": "other source",
}
"""What each kind of change is called."""
_MEGABYTE = 1_000_000


def summary(changes: Changes) -> str:
    """``3 packages and 1 line of the manifest changed; 2 findings are new, 1 is gone``."""
    packages = len({each.name for each in changes.packages})
    parts = [number(packages, "package")] if packages else []
    lines = number(len(changes.lines), "line")
    parts += [say("{lines} of the manifest", lines=lines)] if changes.lines else []
    said = word("neither manifest nor lock changed")
    if parts:
        said = say("{what} changed", what=word(" and ").join(parts))
    found = (_are(len(changes.gained), "new"), _are(len(changes.lost), "gone"))
    return word("; ").join((said, listed(found)))


def _are(count: int, what: str) -> str:
    some = f"{{findings}} {'is' if count <= 1 else 'are'} {what}"
    return say(some, findings=number(count, "finding") if count else word("no finding"))


def kind(package: ChangedPackage) -> str:
    """What this kind of change is called."""
    return word(KINDS.get(package.kind, package.kind))


def step(package: ChangedPackage) -> str:
    """``2.5.1 -> 2.6.0``, or the one version that it has or had."""
    return " -> ".join(filter(None, (package.old, package.new)))


def licence(package: ChangedPackage) -> str:
    """``MIT -> GPL-3.0-only``, empty where it is the same or not known."""
    return " -> ".join(filter(None, (package.old_licence, package.new_licence)))


def growth(size: int | None) -> str:
    """``+96.1 MB``, empty where it is none or not known."""
    text = f"{(size or 0) / _MEGABYTE:+.1f} MB"
    return "" if text[1:] == "0.0 MB" else text


def place(each: ChangedPackage | ChangedSize) -> str:
    """The file, and where in it."""
    return f"{each.file} ({each.where})" if each.where else each.file


def total(size: ChangedSize) -> str:
    """``312 -> 315 packages, +96.1 MB``."""
    count = number(size.new, "package")
    counts = count if size.old == size.new else f"{size.old} -> {count}"
    return listed(filter(None, (counts, growth(size.growth))))


def advisories(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Those that are about a vulnerability with a name, and the others."""
    some = list(findings)
    return [f for f in some if f.problem.ids], [f for f in some if not f.problem.ids]


def advisory(finding: Finding) -> str:
    """``CVE-2024-1 (GHSA-...)``: by the name that everybody uses, and one more."""
    first, *others = finding.problem.ids
    return f"{first} ({others[0]})" if others else first
