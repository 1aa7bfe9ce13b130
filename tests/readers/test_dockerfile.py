from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Dockerfile, Source
from conda_preflight.errors import ReadError
from conda_preflight.opening import open_source
from conda_preflight.readers import dockerfile

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", ROOT.parent / "shared" / "corpus"))


def source(text: str, path: str = "Dockerfile") -> Source:
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def read(text: str) -> Dockerfile:
    return dockerfile.read(source(text))[0]


def test_stages_flags_and_forms() -> None:
    found = read(
        "ARG BASE=x\n"
        "FROM --platform=linux/amd64 ${BASE} as build\n"
        "run --mount=type=cache,target=/x pip install -r r.txt\n"
        "FROM scratch\n"
        "COPY --from=build --chown=1:1 a 'b c' /d/\n"
        'CMD ["bash", "-lc", "conda activate x && serve"]\n'
    )
    assert [(i.keyword, i.stage, i.location.line) for i in found.instructions] == [
        ("ARG", -1, 1),
        ("FROM", 0, 2),
        ("RUN", 0, 3),
        ("FROM", 1, 4),
        ("COPY", 1, 5),
        ("CMD", 1, 6),
    ]
    run, copy, cmd = found.instructions[2], found.instructions[4], found.instructions[5]
    assert run.value == "--mount=type=cache,target=/x pip install -r r.txt"
    assert run.words == ()
    assert copy.words == ("--from=build", "--chown=1:1", "a", "b c", "/d/")
    assert cmd.words == ("bash", "-lc", "conda activate x && serve")
    assert [c.words[0] for c in found.commands] == ["pip", "conda", "serve"]
    assert (found.commands[0].location.line, found.commands[0].location.column) == (3, 34)


def test_continuations_with_comments_inside() -> None:
    found = read("FROM x\nRUN a && \\\n  # a comment \\\n\n  conda install \\  \n    b\nUSER c")
    assert found.instructions[1].value == "a &&   conda install     b"
    second = found.commands[1]
    assert second.words == ("conda", "install", "b")
    assert (second.location.line, second.location.column) == (5, 3)
    assert found.instructions[2].location.line == 7


def test_escape_directive() -> None:
    found = read("# escape=`\nFROM x\nRUN C:\\conda\\conda.exe install `\n  a\n")
    assert found.commands[0].words == ("C:\\conda\\conda.exe", "install", "a")


def test_escape_directive_counts_only_above_all_else() -> None:
    assert len(read("# a comment\n# escape=`\nFROM x\nRUN a \\\n b").instructions) == 2


def test_heredocs() -> None:
    found = read(
        "FROM x\nRUN <<EOF\npip install a\nconda install b\nEOF\n"
        "COPY <<-'A' <<B /x\n\tpip no\n\tA\nFROM\nB\nRUN python <<E\nimport pip\nE\n"
    )
    assert [i.keyword for i in found.instructions] == ["FROM", "RUN", "COPY", "RUN"]
    assert [(c.words, c.location.line) for c in found.commands] == [
        (("pip", "install", "a"), 3),
        (("conda", "install", "b"), 4),
        (("python",), 11),
    ]
    assert found.instructions[1].value == "<<EOF\npip install a\nconda install b\nEOF"


def test_heredoc_that_never_ends() -> None:
    with pytest.raises(ReadError) as caught:
        read("FROM x\n\nRUN <<EOF\na\n")
    assert caught.value.line == 3


def test_onbuild() -> None:
    found = read("FROM x\nONBUILD RUN pip install a\n")
    assert found.instructions[1].value == "RUN pip install a"
    assert found.commands[0].words == ("pip", "install", "a")
    assert found.commands[0].location.column == 13


def test_shell_instruction_is_a_command() -> None:
    found = read('FROM x\nSHELL ["conda", "run", "-n", "e", "/bin/bash", "-c"]\n')
    assert found.commands[0].words[:4] == ("conda", "run", "-n", "e")


def test_broken_exec_form_goes_to_a_shell() -> None:
    assert read("FROM x\nRUN ['a', 'b']\n").commands[0].words == ("[a,", "b]")


def test_what_docker_refuses_is_kept() -> None:
    assert read("FROM x\nlibfoo \\\n  y\n").instructions[1].keyword == "LIBFOO"


def test_no_stage() -> None:
    with pytest.raises(ReadError):
        read("RUN x\n")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("Dockerfile", "", True),
        ("a/odd", "# x\n\nFROM a AS b\nRUN x", True),
        ("odd", "ARG A=1\nFROM $A", True),
        ("odd", "ARG A=1\n", False),
        ("x.py", "from a import b\n", False),
        ("x", "from a import b\n", False),
        ("Dockerfile.j2", "{% if a %}\nFROM x\n", False),
        ("Dockerfile.dockerignore", "FROM x\n", False),
    ],
)
def test_recognizes(path: str, text: str, expected: bool) -> None:  # noqa: FBT001
    assert dockerfile.recognizes(source(text, path)) is expected


PARTS = st.sampled_from(
    [
        "FROM x\n",
        "RUN ",
        "COPY ",
        "ONBUILD ",
        "\\\n",
        "# escape=`\n",
        "`\n",
        "<<E",
        "\nE\n",
        '["a", "b"]',
        "[" * 2000,
        "\n",
        " ",
        "#",
        "'",
        "--mount=x ",
        "\ufeff",
        "\xa0",
    ]
)


@given(st.lists(PARTS | st.text(max_size=5), max_size=30).map("".join))
def test_nothing_but_read_errors(text: str) -> None:
    dockerfile.recognizes(source(text, "x"))
    try:
        found = read("FROM x\n" + text)
    except ReadError:
        return
    rows = text.count("\n") + 2
    assert all(1 <= i.location.line <= rows for i in found.instructions)
    assert all(1 <= c.location.line <= rows for c in found.commands)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of real files is not here")
def test_real_dockerfiles() -> None:
    files = [f for f in (CORPUS / "dockerfiles").iterdir() if f.name != "index.csv"]
    assert len(files) > 100
    for file in files:
        opened = open_source(file, file.name)
        assert dockerfile.recognizes(opened), file.name
        (found,) = dockerfile.read(opened)
        for command in found.commands:
            line = opened.line(command.location.line)
            assert command.words[0][:1] in line[command.location.column - 1 :], file.name
