"""What a ``.dockerignore`` leaves out; the cases are as buildah 1.28 decides them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.grammar.dockerignore import is_ignored, patterns

_NAMES = st.text("ab.*?[]!\\^#/ -é", max_size=12)
_PATHS = st.lists(st.from_regex(r"[abc][ab.c]{0,3}", fullmatch=True), min_size=1, max_size=5).map(
    "/".join
)


@pytest.mark.parametrize(
    ("text", "out", "kept"),
    [
        ("data", ["data", "data/x/y"], ["my/data", "data2"]),
        ("/data/", ["data/x"], ["my/data"]),
        ("**/data", ["data", "my/data", "my/own/data/x"], ["database"]),
        ("*.py", ["a.py"], ["src/a.py"]),
        ("**/*.py", ["a.py", "src/a.py"], ["a.pyc"]),
        ("src/**", ["src/a", "src/b/c"], ["other"]),
        ("src/**/x", ["src/x", "src/a/b/x"], ["src/y", "x"]),
        ("*/temp*", ["a/temporary", "a/temp"], ["temp", "a/b/temp"]),
        ("temp?", ["tempa"], ["temp", "temp/a"]),
        ("[ab].txt\n[^a].md", ["a.txt", "b.md"], ["c.txt", "a.md"]),
        ("\\*.txt", ["*.txt"], ["a.txt"]),
        ("*\n!keep\n!keep.md", ["a", "b/c"], ["keep", "keep/x", "keep.md"]),
        ("*.md\n!README.md\nREADME.md", ["README.md"], []),
        ("# data\n\n  logs  \n", ["logs/x"], ["data"]),
        ("a/../b", ["b"], ["a"]),
        ("!a", [], ["a"]),
        (".", [], ["a"]),
        ("\ufeffdata\r\nlogs\r\n", ["data", "logs"], []),
    ],
)
def test_what_is_left_out(text, out, kept):
    ignored = patterns(text)
    assert [path for path in out if not is_ignored(path, ignored)] == []
    assert [path for path in kept if is_ignored(path, ignored)] == []


@given(st.lists(_NAMES, max_size=6).map("\n".join), _PATHS, st.text("ab", min_size=1, max_size=3))
def test_what_lies_in_an_ignored_folder_is_ignored_without_exceptions(text, path, name):
    ignored = patterns(text.replace("!", ""))
    if is_ignored(path, ignored):
        assert is_ignored(f"{path}/{name}", ignored)


@given(st.lists(_NAMES, max_size=6).map("\n".join), _PATHS)
def test_the_last_line_wins(text, path):
    assert not is_ignored(path, patterns(f"{text}\n!{path}"))
    assert is_ignored(path, patterns(f"{text}\n{path}"))


def test_many_stars_end_soon():
    ignored = patterns("/".join(["**", "*a*a*a*a*a*a*b"] * 20))
    assert not is_ignored("/".join(["a" * 200] * 40), ignored)
