from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lock_texts import assert_reads_or_refuses, mutated, source

from conda_preflight.documents import Location, Requirements
from conda_preflight.errors import ReadError
from conda_preflight.readers import requirements_txt

A, B = "a" * 64, "b" * 64
TEXT = f"""\
# made by a tool
--index-url https://pypi.example.org/simple --trusted-host pypi.example.org
-r base.txt
-c constraints.txt

  Torch==2.0.1 \\
    --hash=sha256:{A} \\
    --hash=sha256:{B}
    # via something
numpy==1.26.4  # [linux]
git+https://git.example.org/o/r@main#egg=r
diffusers=0.12.1
"""
HASHED = f"a==1 --hash=sha256:{A}\nb==2 \\\n --hash=sha256:{B}\n"
EXPORT = "# platform: linux-64\n_libgcc_mutex=0.1=main\nnumpy=1.26.4=py311h7125741_0\n"
EXPLICIT = f"@EXPLICIT\nhttps://conda.example.org/a/linux-64/a-1-0.conda#{'a' * 32}\n"
PROSE = "These are the requirements of the project.\nIt must be fast.\nAnd it must be cheap.\n"


def read(text: str, path: str = "requirements.txt") -> Requirements:
    (found,) = requirements_txt.read(source(text, path))
    assert isinstance(found, Requirements)
    return found


def test_lines():
    found = read(TEXT).pip
    assert [(r.kind, r.name, r.option, r.location.line) for r in found] == [
        ("option", "", "--index-url", 2),
        ("option", "", "--trusted-host", 2),
        ("include", "", "--requirement", 3),
        ("constraint", "", "--constraint", 4),
        ("name", "torch", "", 6),
        ("name", "numpy", "", 10),
        ("vcs", "r", "", 11),
        ("invalid", "diffusers", "", 12),
    ]
    torch, numpy = found[4], found[5]
    assert torch.hashes == (f"sha256:{A}", f"sha256:{B}")
    assert torch.location == Location("requirements.txt", 6, 3, 14)
    assert numpy.selector == "linux"
    assert found[-1].meant == "diffusers==0.12.1"


def test_hashed():
    assert read(HASHED).hashed
    assert not read(HASHED + "c==3\n").hashed
    assert not read("-r base.txt\n").hashed


def test_continuation_ends_with_the_file_and_at_a_comment():
    assert [r.name for r in read("a==1 \\").pip] == ["a"]
    assert [r.name for r in read("a==1 \\\n# over \\\nb==2").pip] == ["a", "b"]
    assert read("\\\n\\\n").pip == ()
    assert read("").pip == ()


@pytest.mark.parametrize(
    ("path", "text", "answer"),
    [
        ("requirements.txt", TEXT, True),
        ("sub/dev-requirements-gpu.txt", "numpy\npandas\n", True),
        ("constraints.txt", "numpy<2\n", True),
        ("requirements.txt", "", True),
        ("requirements.txt", "numpy=1.26\npandas\n", True),
        ("pip.lock", HASHED, True),
        ("deps.txt", "torch==2.0\nnumpy>=1\nscipy\n", True),
        ("requirements.txt", EXPORT, False),
        ("requirements.txt", EXPLICIT, False),
        ("requirements.txt", PROSE, False),
        ("notes.txt", PROSE, False),
        ("words.txt", "one\ntwo\nthree\n", False),
        ("spec.txt", EXPORT, False),
        ("environment.yml", "torch==2.0\n", False),
        ("setup.py", "import x\n", False),
    ],
)
def test_recognizes(path, text, answer):
    assert requirements_txt.recognizes(source(text, path)) is answer


@pytest.mark.parametrize("text", [EXPORT, EXPLICIT])
def test_refuses_lists_of_conda(text):
    with pytest.raises(ReadError) as refusal:
        read(text)
    assert refusal.value.line == 1


def test_many_lines_are_refused():
    with pytest.raises(ReadError):
        read("a\n" * 100_001)


@pytest.mark.parametrize(
    "text", ["a \\\n" * 50_000, "#\n" * 200_000, "a==1 " + "\\\n--hash=x " * 9000]
)
def test_is_fast(text):
    started = time.thread_time()
    read(text)
    assert time.thread_time() - started < 3


@given(mutated(TEXT) | st.text())
def test_reads_or_refuses(text):
    given = source(text, "requirements.txt")
    assert requirements_txt.recognizes(given) in (True, False)
    assert_reads_or_refuses(requirements_txt, text, "requirements.txt")


@pytest.mark.parametrize("line", ["a~=²", "a^²", "a^1.³", "a~=٣"])
def test_digits_of_other_scripts_are_no_fault(line):
    assert read(line).pip[0].name == "a"
