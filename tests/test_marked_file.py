"""A page with a marked section: nothing else of it changes, whatever its bytes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.actions.marked_file import MarkedFile, opened
from conda_preflight.errors import PreflightError
from conda_preflight.grammar.marked_section import BEGIN, END, marks_of, open_code

LINES = ("| a | b |", "", "```bash", "conda activate x", "```")
ENDINGS = st.sampled_from(["\n", "\r\n", "\r"])
ROWS = st.lists(
    st.text(st.characters(exclude_characters="\r\n\0`~", exclude_categories=["Cs"]), max_size=12),
    max_size=6,
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


def page(data: bytes) -> MarkedFile:
    with TemporaryDirectory() as folder:
        Path(folder, "README.md").write_bytes(data)
        return opened(Path(folder), "README.md")


def joined(rows: list[str], ending: str) -> str:
    return "".join(f"{row}{ending}" for row in rows)


@given(st.tuples(ROWS, ROWS, ROWS), st.tuples(ENDINGS, ENDINGS), ENCODINGS)
def test_what_is_outside_of_the_marks_stays_byte_for_byte(rows, endings, encoding):
    (before, inside, after), (first, second) = rows, endings
    head = f"{joined(before, first)}{BEGIN}{second}"
    tail = f"{END}{joined(['', *after], first)}"
    found = page(f"{head}{joined(inside, second)}{tail}".encode(encoding))
    written = found.replaced(LINES)
    assert written == f"{head}{joined([*LINES], second)}{tail}".encode(encoding)
    assert page(written).section == LINES
    assert page(written).replaced(LINES) == written


@given(ROWS, ENDINGS, ENCODINGS, st.booleans())
def test_a_section_is_put_at_the_end_once(rows, ending, encoding, closed):
    text = joined(rows, ending)
    data = (text if closed else text.removesuffix(ending)).encode(encoding)
    found = page(data)
    assert found.marks is None
    written = found.replaced(LINES)
    assert written.startswith(data)
    again = page(written)
    assert again.section == LINES
    assert again.replaced(LINES) == written


def test_a_page_in_an_old_encoding_keeps_its_bytes_and_gets_references():
    data = "Stra\xdfe\n".encode("latin-1")
    written = page(data).replaced(["ä → b"])
    assert written.startswith(data)
    assert "ä &#8594; b".encode("latin-1") in written


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_refused_since_it_would_get_one(encoding):
    with pytest.raises(PreflightError, match="would not be kept"):
        page("A page in plain letters\n".encode(encoding))


def test_utf_16_of_the_other_order_is_kept():
    data = b"\xfe\xff" + "One\r\n".encode("utf-16-be")
    written = page(data).replaced(LINES)
    assert written.startswith(data)
    assert page(written).section == LINES


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (f"{BEGIN}\na\n{BEGIN}\nb\n{END}\n", 3, "has not ended"),
        (f"{BEGIN}\na\n{END}\n\n{BEGIN}\nb\n{END}\n", 5, "there is one already"),
        (f"a\n{END}\n", 2, "did not begin"),
        (f"{BEGIN}\n{END}\n{END}\n", 3, "twice"),
        (f"a\n{BEGIN}\nb\n", 2, "no end"),
        ("<!-- conda-preflight:start -->\n", 1, "'start' is no mark"),
        (f"text {BEGIN}\n{END}\n", 1, "Other text"),
        (f"{BEGIN}\n```\n{END}\n", 1, "no end"),
    ],
)
def test_marks_that_are_not_one_pair_are_refused_with_their_line(text, line, word):
    with pytest.raises(PreflightError, match=rf"README\.md:{line}: .*{word}"):
        page(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        f"```html\n{BEGIN}\n{END}\n```\n",
        f"~~~~\n```\n{BEGIN}\n~~~~\n",
        f"Write `{BEGIN}` there.\n",
        f"For example:\n\n    {BEGIN}\n    {END}\n",
    ],
)
def test_marks_that_are_shown_as_code_are_no_marks(text):
    assert page(text.encode()).marks is None


def test_marks_may_be_written_loosely():
    rows = ["<!--conda-preflight:begin-->", "x", "  <!-- Conda-Preflight : END -->"]
    assert marks_of([row.lower() for row in rows]) is not None


def test_nothing_is_put_into_an_open_code_block():
    with pytest.raises(PreflightError, match=r"README\.md:2: The code block that begins here"):
        page(b"# A\n```bash\nconda activate x\n")
    assert open_code(["```", "x", "```", "~~~~", "~~~", "```"]) == 4


def test_what_is_no_page_of_the_project_is_refused(tmp_path):
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside.md").write_text("secret\n")
    (root / "README.md").symlink_to("../outside.md")
    with pytest.raises(PreflightError, match="leads out of the project"):
        opened(root, "README.md")
    with pytest.raises(PreflightError, match="leads out of the project"):
        opened(root, "../outside.md")
    with pytest.raises(PreflightError, match="no folder"):
        opened(root, "docs/README.md")
    (root / "docs").mkdir()
    with pytest.raises(PreflightError, match="not a regular file"):
        opened(root, "docs")
    (root / "nul.md").write_bytes(b"letters and \0 more")
    with pytest.raises(PreflightError, match="NUL"):
        opened(root, "nul.md")
    (root / "big.md").write_bytes(b"x" * (5 * 1024 * 1024))
    with pytest.raises(PreflightError, match="larger than a page"):
        opened(root, "big.md")


def test_a_link_inside_of_the_project_leads_to_the_page(tmp_path):
    (tmp_path / "real.md").write_text("# A\n")
    (tmp_path / "README.md").symlink_to("real.md")
    found = opened(tmp_path, "README.md")
    assert found.file == (tmp_path / "real.md").resolve()
