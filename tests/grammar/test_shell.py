from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LINEAR, growth

from conda_preflight.documents import Location
from conda_preflight.grammar.passage import Piece, passage, passage_of
from conda_preflight.grammar.shell import command_of, commands


def words(text: str) -> list[str]:
    return [" ".join(command.words) for command in commands(passage_of("x.sh", text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a && b || c; d | e & f", ["a", "b", "c", "d", "e", "f"]),
        ("(cd x; make)", ["cd x", "make"]),
        ("pip install 'a b' \"c d\" e\\ f", ["pip install a b c d e f"]),
        ("a \\\n  b # c 'd\ne#f", ["a b", "e#f"]),
        ("A=1 B='2 3' pip x", ["pip x"]),
        ("A=1", []),
        ("A=(pip install x) b", ["b"]),
        ("sudo -E -u root env -i P=1 pip x", ["pip x"]),
        ("time -p nice -n 5 timeout 10 conda x", ["conda x"]),
        ("command -v conda", ["command -v conda"]),
        ("if which conda; then conda x; else mamba y; fi", ["which conda", "conda x", "mamba y"]),
        ("for i in a b; do pip $i; done", ["pip $i"]),
        ("f() { pip x; }", ["pip x"]),
        ("bash -lc 'a b && c'", ["a b", "c"]),
        ('sh -c "bash -c \'a \\"b\\"\'"', ["a b"]),
        ("bash -o pipefail -ec 'a'", ["a"]),
        ("bash run.sh -c x", ["bash run.sh -c x"]),
        ("su - me -c 'conda x'", ["conda x"]),
        ("cmd /S /C conda x", ["conda x"]),
        ('powershell -Command "pip x"', ["pip x"]),
        ("xargs -n 1 pip install", ["pip install"]),
        ("a > f 2>&1 <in b &> all", ["a b"]),
        ("pip install numpy>=1.2", ["pip install numpy"]),
        ("e $(pip x) `b c` ${D:-'e f'} $((1<<2)) g", ["e $(pip x) `b c` ${D:-'e f'} $((1<<2)) g"]),
        ("cat <<EOF > f\npip install no\nEOF\nb", ["cat", "b"]),
        ("cat <<-'E' | c\n\tpip\n\tE\nb", ["cat", "c", "b"]),
        ("bash <<EOF\npip x\nEOF\nb", ["bash", "pip x", "b"]),
        ("<<EOF\npip x\nEOF", ["pip x"]),
        ("<<EOF\n#!/usr/bin/env python\npip x\nEOF", []),
        ("python <<EOF\npip x\nEOF", ["python"]),
        ("cat <<EOF\nnever ends", ["cat"]),
        ("echo it's\npip x", ["echo it's", "pip x"]),
        ('echo "open\npip x', ['echo "open', "pip x"]),
        ("echo $(open\npip x", ["echo $(open", "pip x"]),
    ],
)
def test_commands(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_places() -> None:
    text = "a &&\\\n  b c\\\n  d\nbash -c 'x\n  y z'"
    places = [
        (c.words[0], c.location.line, c.location.column, c.location.length)
        for c in commands(passage_of("f", text, 10, 5))
    ]
    assert places == [("a", 10, 5, 1), ("b", 11, 3, 4), ("x", 13, 10, 1), ("y", 14, 3, 3)]


def test_places_in_pieces() -> None:
    text = passage("f", [Piece("pip ", 3, 9), Piece("install a && b", 7, 2)])
    first, second = commands(text)
    assert first == type(first)(("pip", "install", "a"), Location("f", 3, 9, 3))
    assert second.location == Location("f", 7, 15, 1)


def test_backtick_escapes() -> None:
    text = passage_of("f", "C:\\conda\\conda.exe install `\n  a")
    assert commands(text, "`")[0].words == ("C:\\conda\\conda.exe", "install", "a")


def test_command_of_words() -> None:
    place = Location("f", 2, 1)
    assert command_of(["bash", "-c", "a; b"], place)[1].words == ("b",)
    assert command_of(["env", "A=1", "x y"], place)[0].words == ("x y",)
    assert command_of([], place) == ()


@given(st.text(st.sampled_from("ab \n\t'\"\\`$(){}<>&|;#-=E"), max_size=200))
def test_never_raises(text: str) -> None:
    for command in commands(passage_of("f", text)):
        assert command.words[0]
        assert command.location.line >= 1


@pytest.mark.parametrize(
    "unit",
    ['"$(', "`", "(", "<<A\n", "bash <<A\n", "$(", "bash -c '", "\\", '"`', "x=(", "<<A <<B\n"],
)
def test_linear(unit: str) -> None:
    def work(size: int) -> None:
        commands(passage_of("f", unit * (size // len(unit))))

    assert growth(work, 20_000) < LINEAR
