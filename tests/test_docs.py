"""The documentation says what the code says, and its links lead somewhere."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from html.parser import HTMLParser

import jsonschema
import pytest
import yaml
from docs import generate, markup, rule_pages
from docs.generate import SCHEMA, TOP

from conda_preflight import config
from conda_preflight.errors import UsageError

PAGES = sorted(
    [
        *(TOP / "docs").rglob("*.md"),
        TOP / "README.md",
        TOP / "README.zh.md",
        TOP / "CONTRIBUTING.md",
        TOP / "CHANGELOG.md",
    ]
)
AGAIN = "run python -m docs.generate"


def named(file):
    return file.relative_to(TOP).as_posix()


def test_generated_pages_are_in_step():
    assert generate.stale() == [], AGAIN
    assert generate.orphans() == [], AGAIN


def test_a_second_run_changes_nothing():
    assert generate.pages() == generate.pages()


def test_orphans_are_found_and_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(generate, "TOP", tmp_path)
    for name in generate.BLOCKS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((TOP / name).read_text())
    old = tmp_path / "docs" / "rules" / "gone" / "old-name.md"
    old.parent.mkdir(parents=True)
    old.write_text("# gone/old-name\n")
    assert generate.main(["--check"]) == 1
    assert generate.main([]) == 0
    assert not old.parent.exists()
    assert generate.main(["--check"]) == 0
    assert generate.main(["--chekc"]) == 2


def _navigation(entry):
    if isinstance(entry, str):
        return [entry]
    inner = entry.values() if isinstance(entry, dict) else entry
    return [page for item in inner for page in _navigation(item)]


def test_every_dependency_is_argued():
    said = (TOP / "docs" / "architecture.md").read_text().partition("## Dependencies")[2]
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    names = {re.split(r"[^\w.-]", line)[0] for line in lines} - {project["name"]}
    assert not {name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", said)}


def test_the_site_names_every_page_once():
    nav = _navigation(yaml.safe_load((TOP / "mkdocs.yml").read_text())["nav"])
    assert sorted(nav) == sorted(
        p.relative_to(TOP / "docs").as_posix() for p in (TOP / "docs").rglob("*.md")
    )


_FENCE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"\[(?:\\.|[^\]\\])*\]\(([^)\s]+)\)")


def prose(file):
    """The text without code."""
    return _FENCE.sub("", file.read_text(encoding="utf-8"))


def anchors(file):
    """The ids that headings get: words in lower case, joined by hyphens."""
    titles = re.findall(r"^#+ (.*)$", prose(file), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", t).strip().lower()) for t in titles}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    for link in _LINK.findall(_SPAN.sub("`code`", prose(page))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(TOP)
        if anchor:
            assert anchor in anchors(target), f"{link}: there is no such heading"


class Reader(HTMLParser):
    """What a browser shows of a page, and which elements it has."""

    def __init__(self, text):
        super().__init__()
        self.shown, self.tags = "", set()
        self.feed(text)
        self.close()

    def handle_data(self, data):
        self.shown += data

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)


HOSTILE = (
    "a <script>alert(1)</script> b",
    "__cuda and _x_ and *y*",
    "a\n---\nb",
    "a\n===\nb",
    "[text](javascript:alert(1))",
    "![x](y)",
    "<https://example.org>",
    "&lt; stays",
    "back\\slash and `open",
    "| a | b |\n| - | - |\n| c | d |",
    "> quote",
    "+ item",
    "#5 is no heading",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_shows_as_it_is_written(text):
    markdown = pytest.importorskip("markdown", reason="mkdocs is not installed")
    page = Reader(markdown.markdown(markup.prose(text), extensions=["tables"]))
    assert page.shown.split() == text.split()
    assert page.tags <= {"p"}


@pytest.mark.parametrize("text", [*HOSTILE, "`a|b`", "`<x>` and `_y_`"])
def test_a_cell_shows_as_it_is_written(text):
    markdown = pytest.importorskip("markdown", reason="mkdocs is not installed")
    rows = markup.table(("A",), [(markup.cell(text),), (markup.code(text),)])
    page = Reader(markdown.markdown(rows, extensions=["tables"]))
    bare = re.sub(r"`([^`]*)`", r"\1", text)
    assert page.shown.split() == ["A", *bare.split(), *text.split()]
    assert page.tags <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


SCHEMA_OF_SETTINGS = json.loads((TOP / SCHEMA).read_text())
RULES = [pytest.param(rule, id=rule.id) for rule in rule_pages.rules()]
OPTIONS = [
    pytest.param(rule.id, name, value, id=f"{rule.id}-{name}")
    for rule in rule_pages.rules()
    for name, value in rule.settings.items()
]


def accepted(text, folder):
    """Whether the tool and the schema take these settings, each."""
    file = folder / "preflight.toml"
    file.write_text(text, encoding="utf-8")
    try:
        config.load(file)
        tool = True
    except UsageError:
        tool = False
    values = json.loads(json.dumps(tomllib.loads(text), default=date.isoformat))
    return tool, jsonschema.Draft202012Validator(SCHEMA_OF_SETTINGS).is_valid(values)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA_OF_SETTINGS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        'fail-on = "note"',
        'select = "lock"\nignore = ["manifest", "input/unreadable"]',
        'platforms = []\ntargets = ["a100.json"]\nexclude = ["a/*"]\nrequire = ["lock"]',
        'baseline = "known.json"\nmanifest = "environment.yml"\nlock = "conda-lock.yml"',
        '[[waivers]]\nrule = "lock/missing"\nreason = "later"\nexpires = 2027-01-31',
        '[[waivers]]\nrule = "lock/missing"\npath = "a/*"\nabout = "numpy"\nexpires = "soon"',
        "waivers = []\n[rules]",
        '[rules."manifest/missing-name"]\nseverity = "error"',
        '[rules."manifest/missing-name"]',
    ],
)
def test_tool_and_schema_accept(text, tmp_path):
    assert accepted(text, tmp_path) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        'fail-on = "fatal"',
        "fail-on = 1",
        'fail_on = "note"',
        "select = 5",
        "ignore = [1]",
        'baseline = ["a"]',
        "lock = true",
        "unknown = 1",
        'waivers = "none"',
        "waivers = [1]",
        '[waivers]\nrule = "lock/missing"',
        '[[waivers]]\nreason = "no rule"',
        '[[waivers]]\nrule = "lock/missing"\nuntil = "2027-01-31"',
        'rules = ["lock/missing"]',
        "[rules]\nlock = 1",
        '[rules."no/such-rule"]\nseverity = "note"',
        '[rules."manifest/missing-name"]\nseverity = "fatal"',
        '[rules."manifest/missing-name"]\nunknown = 1',
    ],
)
def test_tool_and_schema_refuse(text, tmp_path):
    assert accepted(text, tmp_path) == (False, False)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_takes_a_severity_by_each_of_its_names(rule, tmp_path):
    for name in (rule.id, *rule.formerly):
        assert accepted(f'[rules."{name}"]\nseverity = "note"', tmp_path) == (True, True)


@pytest.mark.parametrize(("rule", "name", "value"), OPTIONS)
def test_an_option_is_of_the_kind_of_its_default(rule, name, value, tmp_path):
    table = f'[rules."{rule}"]\n{name} = '
    assert accepted(table + rule_pages.toml(value), tmp_path) == (True, True)
    assert accepted(table + "{ a = 1 }", tmp_path) == (False, False)
    other = "5" if isinstance(value, str | tuple | bool) else '"5"'
    assert accepted(table + other, tmp_path) == (False, False)
