"""Edits change what they name and no other byte."""

from __future__ import annotations

import codecs

import pytest

from conda_preflight.actions.mend import diff, mend
from conda_preflight.documents import Location
from conda_preflight.errors import PreflightError
from conda_preflight.report import (
    Edit,
    Finding,
    Outcome,
    Problem,
    Report,
    Severity,
    Status,
    Verdict,
)


def report_of(*edits: Edit, muted: str = "") -> Report:
    findings = tuple(
        Finding("a/b", Severity.ERROR, Problem(str(n), "m", e.location, edits=(e,)), muted=muted)
        for n, e in enumerate(edits)
    )
    outcome = Outcome("a/b", "e.yml", Status.FAILED, findings)
    return Report(Verdict.NO_GO, (), (), (outcome,), ())


def at(line: int, column: int = 1) -> Location:
    return Location("e.yml", line, column)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("latin-1", b""),
    ],
)
def test_every_other_byte_stays(tmp_path, ending, encoding, mark):
    text = ending.join(["name: über  # é ", "prefix: /x", "  - a=>1  ", "last"])
    (tmp_path / "e.yml").write_bytes(mark + text.encode(encoding))
    edits = (Edit(at(3, 6), "=>", ">="), Edit(at(2), "prefix: /x\n", ""))
    assert list(mend(report_of(*edits), tmp_path)) == ["e.yml: 2 of 2 mended"]
    wanted = ending.join(["name: über  # é ", "  - a>=1  ", "last"])
    assert (tmp_path / "e.yml").read_bytes() == mark + wanted.encode(encoding)


def test_inserted_lines_take_the_ending_of_the_file(tmp_path):
    (tmp_path / "e.yml").write_bytes(b"a\r\nb\r\n")
    list(mend(report_of(Edit(at(2), "", "new\n")), tmp_path))
    assert (tmp_path / "e.yml").read_bytes() == b"a\r\nnew\r\nb\r\n"


def test_stale_and_overlapping_edits_are_left_out(tmp_path):
    (tmp_path / "e.yml").write_text("abcdef\n")
    edits = (Edit(at(1, 2), "bcd", "X"), Edit(at(1, 3), "cde", "Y"), Edit(at(1, 1), "zzz", "Q"))
    assert list(mend(report_of(*edits), tmp_path)) == ["e.yml: 1 of 3 mended"]
    assert (tmp_path / "e.yml").read_text() == "abYf\n"


def test_muted_findings_are_not_mended(tmp_path):
    (tmp_path / "e.yml").write_text("abc\n")
    assert list(mend(report_of(Edit(at(1), "a", "b"), muted="known"), tmp_path)) == []


def test_a_second_run_changes_nothing(tmp_path):
    (tmp_path / "e.yml").write_text("a=>1\n")
    once = report_of(Edit(at(1, 2), "=>", ">="))
    list(mend(once, tmp_path))
    assert list(mend(once, tmp_path)) == []
    assert (tmp_path / "e.yml").read_text() == "a>=1\n"


def test_a_link_out_of_the_project_is_not_written(tmp_path):
    (tmp_path / "outside.yml").write_text("a\n")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "e.yml").symlink_to(tmp_path / "outside.yml")
    with pytest.raises(PreflightError, match="leads out"):
        list(mend(report_of(Edit(at(1), "a", "b")), tmp_path / "project"))
    assert (tmp_path / "outside.yml").read_text() == "a\n"


def test_diff_shows_and_does_not_change_and_masks_credentials(tmp_path):
    text = "- https://someone:hunter2@conda.example.org/x\n- a=>1\n"
    (tmp_path / "e.yml").write_text(text)
    shown = diff(report_of(Edit(at(2, 4), "=>", ">=")), tmp_path)
    assert "-- a=>1\n+- a>=1\n" in shown
    assert "hunter2" not in shown
    assert (tmp_path / "e.yml").read_text() == text
