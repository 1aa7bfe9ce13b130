"""Every command line in a page is one that the program takes: it is parsed, and not run."""

from __future__ import annotations

import ast
import re
import shlex

import click
import pytest
from docs.generate import TOP

from conda_preflight.catalog import selected
from conda_preflight.cli import main
from conda_preflight.errors import UsageError

PAGES = sorted(
    [*(TOP / "docs").rglob("*.md"), *TOP.glob("*.md"), *(TOP / "examples").rglob("*.md")]
)
SPOKEN = [file for file in (TOP / "src").rglob("*.py") if "`conda-preflight " in file.read_text()]
CI = [file for folder in ("ci", "examples/ci") for file in (TOP / folder).rglob("*.y*ml")]
BESIDE = sorted([*SPOKEN, *CI, TOP / "ci" / "Jenkinsfile", TOP / "action.yml", TOP / "Makefile"])
BLOCK = re.compile(r"^( *)(`{3,}|~{3,})(\w*)[^\n]*\n(.*?)^\1\2", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`(conda[- ]preflight [^`\n]+)`(?!`)")
PROGRAM = re.compile(r"(?<![\w.=-])(?:conda[- ]preflight|python3? -m conda_preflight)(?= |$)")
NO_CALL = re.compile(
    r"(?:install|-n|--namespace|--with|name:|id:|repo:|import) *['\"]?$|--command [\w/.-]*$"
)
COMMENT = re.compile(r"(?:^|\s)#(?:\s|$)")
PLACEHOLDER = re.compile(r"[^a-z]*[A-Z]{2,}[^a-z]*|.*(?:\.\.\.|\$|…).*")
NAMES = {"select", "ignore", "require"}


def lines_of(block, language):
    """The logical lines of a block that are typed: of a session, those behind the prompt."""
    whole = block.replace("\\\n", " ").split("\n")
    if language == "console" and any(line.startswith("$ ") for line in whole):
        return [line[2:] for line in whole if line.startswith("$ ")]
    return whole


def typed(text):
    """The words behind each call of the program in a Markdown text."""
    for _, _, language, block in BLOCK.findall(text):
        if language in ("bash", "console", "yaml", "sh", "toml"):
            for line in lines_of(block, language):
                yield from calls(line)
    yield from named(BLOCK.sub("", text))


def named(text):
    """The words of each call in the running text; one that only names a command is none."""
    for span in SPAN.findall(text):
        yield from (words for words in calls(span) if any(map(re.compile("[^a-z]").search, words)))


def calls(line):
    """The words behind each call in one line, up to where the shell goes on."""
    for match in PROGRAM.finditer(line):
        before, rest = line[: match.start()], line[match.end() :]
        if NO_CALL.search(before) or COMMENT.search(before):
            continue
        for opening, closing in (("$(", ")"), ('"', '"'), ("'", "'"), ("`", "`")):
            if before.endswith(opening):
                rest = rest.partition(closing)[0]
        words = shlex.shlex(rest, posix=True, punctuation_chars=True)
        words.whitespace_split = True
        yield list(iter_until_operator(words))


def iter_until_operator(words):
    for word in words:
        if re.fullmatch(r"[();<>|&]+", word):
            return
        yield word


def refusal(words):
    """Why the program does not take these words, empty where it does."""
    command, context = main, click.Context(main, info_name="conda-preflight")
    try:
        while isinstance(command, click.Group):
            _, rest, _ = command.make_parser(context).parse_args(list(words))
            if not rest:
                return ""
            name, words = rest[0], rest[1:]
            inner = command.get_command(context, name)
            if inner is None:
                return "" if PLACEHOLDER.fullmatch(name) else f"there is no command {name}"
            command, context = inner, click.Context(inner, parent=context, info_name=name)
        given, rest, _ = command.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        return error.format_message()
    if rest:
        return f"{rest} are too many"
    return next(filter(None, (wrong(param, given, context) for param in command.params)), "")


def wrong(param, given, context):
    """What is wrong about one parameter's values."""
    values = given.get(param.name)
    missing = values in (None, (), []) or repr(values).startswith("Sentinel")
    if missing:
        return f"{param.name} is missing" if param.required else ""
    for value in values if isinstance(values, tuple | list) else (values,):
        if not isinstance(value, str) or PLACEHOLDER.fullmatch(value):
            continue
        if isinstance(param.type, click.Choice | click.types.IntParamType | click.FloatRange):
            try:
                param.type.convert(value, param, context)
            except click.UsageError as error:
                return error.format_message()
        if param.name in NAMES:
            try:
                selected(value.split(","))
            except UsageError as error:
                return error.message
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_a_page_names_commands_that_are_taken(page):
    found = {" ".join(words): refusal(words) for words in typed(page.read_text(encoding="utf-8"))}
    assert not {line: why for line, why in found.items() if why}


@pytest.mark.parametrize("file", BESIDE, ids=lambda file: file.relative_to(TOP).as_posix())
def test_what_a_file_or_a_message_tells_to_run_is_taken(file):
    text = file.read_text(encoding="utf-8")
    found = messages(text) if file.suffix == ".py" else each_line(text)
    refused = {" ".join(words): refusal(words) for words in found}
    assert not {line: why for line, why in refused.items() if why}


def messages(text):
    """The calls in the strings of a module, which may be written in several pieces."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            parts = [getattr(part, "value", "NAME") for part in node.values]
            yield from named("".join(p if isinstance(p, str) else "NAME" for p in parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from named(node.value)


def each_line(text):
    code = re.sub(r"^\s*(?:#|//).*", "", text.replace("\\\n", " "), flags=re.MULTILINE)
    return [words for line in code.split("\n") for words in calls(line)]


@pytest.mark.parametrize(
    "line",
    [
        "conda-preflight audti .",
        "conda-preflight audit --formt json",
        "conda-preflight audit --format jsn",
        "conda-preflight audit --select lock/no-such-rule",
        "conda-preflight audit a b",
        "conda-preflight why --limit 3",
        "conda-preflight image dockerfil .",
        "conda-preflight db update --max-age",
        "conda preflight audit --select 'lock' --fail-on grave && ./deploy",
        "x=$(python -m conda_preflight probe --format xml)",
    ],
)
def test_a_wrong_line_is_seen(line):
    assert all(map(refusal, calls(line)))
    assert list(calls(line))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("conda-preflight audit . --format FORMAT > out.txt", "audit . --format FORMAT"),
        ('eval "$(conda-preflight completion bash)"', "completion bash"),
        ("srun sh -c 'conda-preflight fleet --here > a.json'", "fleet --here"),
        ("- run: conda-preflight audit --offline || true  # why", "audit --offline"),
        ("conda-preflight explain [RULE]", "explain [RULE]"),
    ],
)
def test_a_right_line_is_read_up_to_its_end(line, words):
    assert [" ".join(found) for found in calls(line)] == [words]
    assert not any(map(refusal, calls(line)))


def test_what_is_no_call_is_none():
    for line in (
        "pip install conda-preflight",
        "kubectl -n conda-preflight get pods",
        "IMAGE=x  # has conda-preflight of this version",
    ):
        assert list(calls(line)) == []
