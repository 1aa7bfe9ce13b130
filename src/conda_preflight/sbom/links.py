"""Addresses of advisories by component, for a format that has no field for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from conda_preflight.documents.advisory import Vulnerability

PAGE = "https://osv.dev/vulnerability/"
"""Where every id of a record of OSV has a page."""


def links(
    vulnerabilities: Iterable[Vulnerability], refs: Callable[[Vulnerability], Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """The pages of what affects each part, by its ref; what does not apply is left out."""
    found: dict[str, dict[str, None]] = {}
    for flaw in vulnerabilities:
        for ref in refs(flaw) if flaw.state == "affected" else ():
            found.setdefault(ref, {}).setdefault(PAGE + flaw.ids[0])
    return {ref: tuple(sorted(pages)) for ref, pages in sorted(found.items())}
