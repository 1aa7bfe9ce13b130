"""Sentences of rules in another language: whole, with what stood in their holes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docs.translation_pages import counted
from hypothesis import assume, given
from hypothesis import strategies as st

from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.language import LANGUAGES, speaking, table
from conda_preflight.project import open_project
from conda_preflight.report import Verdict
from conda_preflight.translation import choices, filling, sentence, templates, translated
from conda_preflight.writers import html, markdown, text
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.ink import Ink

TOP = Path(__file__).parents[2]
TABLES = sorted((TOP / "src" / "conda_preflight" / "languages").glob("*/*.json"))
HOLES = re.compile(r"\{(\d\d?)[+.]?\}")
NAMES = re.compile(r"\{([a-z]+)\}")
OPEN = ("a", "x, y", "`q`", "", " and ", "{0}", "\\g<1>", "；", "<b>&", "\x1b[31m", "a: b: c")


@pytest.fixture(scope="module")
def report():
    folder = TOP / "examples" / "chatbot_finetune_dev"
    made = audit(open_project(folder, Settings()), Settings(), date(2026, 11, 24))
    return replace(made, version="0.0.0")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_all_that_is_said_to_be_translated_is(language):
    frame, *rules = ((len(left), count, left) for _, count, left in counted(language))
    assert frame[0] <= 0.05 * frame[1], frame[2]
    left = [text for _, _, missing in rules for text in missing]
    assert len(left) <= 0.03 * sum(count for _, count, _ in rules), "\n".join(left)


@pytest.mark.parametrize("file", TABLES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_holes_are_the_same(file):
    parts = json.loads(file.read_text(encoding="utf-8"))
    if file.stem == "frame":
        for english, answer in parts.items():
            assert set(NAMES.findall(answer)) <= set(NAMES.findall(english)), english
        return
    for rule, texts in parts.items():
        for english, answer in texts.items():
            numbers = HOLES.findall(english)
            assert numbers == [str(number) for number in range(len(numbers))], (rule, english)
            assert set(HOLES.findall(answer)) == set(numbers), (rule, english)


@pytest.mark.parametrize("file", TABLES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_tables_are_in_order_and_no_key_stands_twice(file):
    def once(pairs):
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), [key for key in keys if keys.count(key) > 1]
        return dict(pairs)

    parts = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=once)
    assert list(parts) == sorted(parts)


@given(st.data())
def test_no_text_of_a_hole_is_lost(data):
    rule = data.draw(st.sampled_from([*table("zh", "lock"), *table("zh", "target"), "*"]))
    known = [each for each in templates("zh", rule) if "+}" not in each.answer]
    template = data.draw(st.sampled_from(known))
    fills = st.one_of(st.sampled_from(OPEN), st.text(max_size=12))
    holes = [data.draw(fills) for _ in template.literals[1:]]
    parts = zip(template.literals, [*holes, ""], strict=True)
    said = sentence("".join(a + b for a, b in parts), "zh", rule)
    for hole in holes:
        assert all(part in said for part in re.findall(r"\w+", hole)), (template, holes, said)


@given(st.lists(st.text(alphabet="ab ,", max_size=6), min_size=1, max_size=4))
def test_filling_puts_together_what_it_took_apart(holes):
    literals = ("<", *[", "] * (len(holes) - 1), ">")
    made = "".join(a + b for a, b in zip(literals, [*holes, ""], strict=True))
    found = filling(literals, made)
    if found is not None:
        again = "".join(a + b for a, b in zip(literals, [*found, ""], strict=True))
        assert again == made


def test_what_can_be_read_in_two_ways_stays():
    literals = ("", " and ", " differ")
    assert filling(literals, "a and b differ") == ("a", "b")
    assert filling(literals, "one and two and three differ") == ("one", "two and three")
    assert filling(literals, "a b and c d differ") == ("a b", "c d")
    assert filling(literals, "a b and c d and e differ") is None


def test_choices_are_told_apart():
    assert list(choices("{0} package{|s} {are|is} new")) == [
        "{0} package are new",
        "{0} package is new",
        "{0} packages are new",
        "{0} packages is new",
    ]


def test_unknown_sentences_stay():
    assert sentence("Nobody says this.", "zh", "lock/missing") == "Nobody says this."
    assert sentence("", "zh") == ""


def test_golden_text(report, golden):
    with speaking("zh"):
        golden("audit-zh.txt", text.write(translated(report, "zh"), width=80))


def test_golden_markdown(report, golden):
    with speaking("zh"):
        golden("audit-zh.md", markdown.write(translated(report, "zh")))


def test_page_says_its_language(report):
    with speaking("zh"):
        page = html.write(translated(report, "zh"))
    assert '<html lang="zh-Hans">' in page
    assert '<div class="manual" lang="en">' in page
    assert "模型所依赖的软件包没有固定版本。" in page


def test_verdict_and_names_stay(report):
    told = translated(report, "zh")
    assert told.verdict is report.verdict is Verdict.NO_GO
    pairs = list(zip(report.findings, told.findings, strict=True))
    assert all(a.fingerprint == b.fingerprint for a, b in pairs)
    assert all(a.problem.about == b.problem.about for a, b in pairs)
    assert all(a.problem.location == b.problem.location for a, b in pairs)


@given(st.text(alphabet="锁文件，。（）ab-= 、《》", max_size=60), st.integers(40, 60))
def test_lines_are_no_wider_than_the_terminal(written, width):
    assume(not re.search(r"[，。（）、《》]{3}", written))  # they stay with what they close
    with speaking("zh"):
        lines = Ink(width, colour=False, unicode=True).wrap(written, indent="    ")
    longest = max(map(cells, re.findall(r"[ab\-=]+|.", written)), default=0)
    assert all(cells(line) <= max(width, longest + 12) for line in lines)
    assert "".join(lines).replace(" ", "") == written.replace(" ", "")
    assert not any(line.strip()[:1] in tuple("，。）、》") for line in lines[1:] if line.strip())


def test_english_keeps_foreign_words_whole():
    word = "数据" * 40
    assert Ink(40, colour=False, unicode=True).wrap(f"a {word} b") == ["a", word, "b"]
