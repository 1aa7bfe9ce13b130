"""The page by itself: nothing is fetched, colours have contrast, headings have order."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from conda_preflight.writers import write
from conda_preflight.writers.html import stylesheet

CSS = stylesheet()
PAPERS = {
    "ink": ("paper", "card", "go-paper", "no-paper", "unknown-paper"),
    "soft": ("paper", "card", "go-paper", "no-paper", "unknown-paper"),
    "link": ("paper",),
    "go": ("paper", "go-paper"),
    "no": ("paper", "card", "no-paper"),
    "warn": ("paper",),
    "note": ("paper",),
    "unknown": ("paper", "card", "unknown-paper"),
    "mark-ink": ("mark",),
}


def themes() -> list[dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light, dark, paper = (dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in blocks)
    return [light, {**light, **dark}, {**light, **paper}]


def luminance(colour: str) -> float:
    """Relative luminance; source: WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark", "print"])
def test_contrast_is_aa(theme):
    for ink, papers in PAPERS.items():
        for paper in papers:
            low, high = sorted((luminance(theme[ink]), luminance(theme[paper])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, paper)


def test_nothing_is_fetched(report):
    page = write("html", report)
    assert not re.findall(r'(?:src|href)="(?!#|data:,")', page)
    assert "url(" not in page
    assert "@import" not in page


def test_headings_do_not_jump(report):
    levels = [int(level) for level in re.findall(r"<h([1-6])", write("html", report))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_link_has_its_place(report):
    page = write("html", report)
    assert set(re.findall(r'href="#([\w-]+)"', page)) <= set(re.findall(r'id="([\w-]+)"', page))


def test_changes_since_a_revision_stand_on_the_page_as_in_markdown(report):
    page, comment = write("html", report), write("markdown", report)
    assert 'id="changes"' in page
    for title in ("Findings", "Advisories", "Asked for", "Packages", "Sizes"):
        folded = re.search(rf"<b>{title}</b>: (\d+)", comment)
        assert folded
        assert f"<strong>{title}</strong>: {folded[1]}</summary>" in page
    assert 'id="changes"' not in write("html", replace(report, changes=None))


def test_many_changes_are_folded(report):
    one = report.changes.packages[1]
    many = replace(report.changes, packages=(one,) * 16)
    page = write("html", replace(report, changes=many))
    assert "<details><summary><strong>Packages</strong>: 16</summary>" in page
    assert "<details open><summary><strong>Asked for</strong>: 3</summary>" in page


def test_target_without_an_answer_is_not_said_to_have_crashed(report):
    page = write("html", report)
    assert "not checked</span> UNKNOWN</td>" in page
    assert "crashed</span> UNKNOWN" not in page
