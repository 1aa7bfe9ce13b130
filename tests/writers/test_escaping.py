"""What cannot be seen is shown, and what a runner would obey is not obeyed."""

from __future__ import annotations

import unicodedata

import pytest

from conda_preflight.writers.escaping import markup, unacting, visible, with_code


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("numpy", "numpy"),
        ("Füße 漢字 😀", "Füße 漢字 😀"),
        ("C:\\Users", "C:\\Users"),
        ("a\nb\r\tc\0", "a\\nb\\r\\tc\\x00"),
        ("\x1b[31m\x9b1m", "\\x1b[31m\\x9b1m"),
        ("a\u202eb\u2066c\u2069", "a\\u202eb\\u2066c\\u2069"),
        ("a\u200bb\u2060\ufeff\u00ad", "a\\u200bb\\u2060\\ufeff\\xad"),
        ("a\u2028b\u2029\x85", "a\\u2028b\\u2029\\x85"),
        ("a\u00a0b\u3000c", "a\\xa0b\\u3000c"),
        ("\u3164\u2800\u115f", "\\u3164\\u2800\\u115f"),
        ("\ud800\udcff", "\\ud800\\udcff"),
        ("\U000e0041\ufe0f", "\\U000e0041\\ufe0f"),
        ("e" + "\u0301" * 5, "e" + "\u0301" * 3 + "\\u0301" * 2),
    ],
)
def test_visible(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize("point", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_each_bidi_override_is_shown(point):
    assert visible(chr(point)) == f"\\u{point:04x}"


def test_no_control_or_format_character_stays():
    for point in range(0x110000):
        character = chr(point)
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}:
            assert visible(character).isascii()


def test_ascii():
    assert visible("Füße 漢", unicode=False) == "F\\xfc\\xdfe \\u6f22"


def test_a_long_text_is_cut():
    assert visible("a" * 30, 10) == "a" * 10 + " ... (20 more characters)"


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("::error::x", "\\x3a:error::x"),
        ("  ::set-env x", "  \\x3a:set-env x"),
        ("a ::error::x", "a ::error::x"),
        ("x ##[group]", "x #\\x23[group]"),
        ("##vso[task.x]", "#\\x23vso[task.x]"),
        ("## Heading", "## Heading"),
    ],
)
def test_runners_see_no_command(line, safe):
    assert unacting(line) == safe


def test_markup():
    assert markup("<a href=\"x\" b='y'>&\x00") == (
        "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\\x00"
    )


def test_what_stands_between_backticks_is_code():
    assert with_code("Write `a<b` & `c`.") == "Write <code>a&lt;b</code> &amp; <code>c</code>."
    assert with_code("one ` alone, and `` none") == "one <code> alone, and </code>` none"
    assert with_code("`<img src=x>`") == "<code>&lt;img src=x&gt;</code>"
    assert with_code("a ` b") == "a ` b"
