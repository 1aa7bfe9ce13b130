from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lock_texts import assert_reads_or_refuses, locks, mutated, source

from conda_preflight.documents import Location, Lock
from conda_preflight.errors import ReadError
from conda_preflight.readers import conda_list

TEXT = """\
# This file may be used to create an environment using:
# $ conda create --name <env> --file <this file>
# platform: win-64
# created-by: conda 24.11.0
_libgcc_mutex=0.1=main
 NumPy=1.26.4=py311h7125741_0
Flask_Login=0.6.3=pypi_0
old=1.0=<pip>
"""


def read(text: str, path: str = "requirements.txt") -> Lock:
    return locks(conda_list.read(source(text, path)))[0]


def test_packages():
    lock = read(TEXT)
    assert (lock.kind, lock.platforms) == ("conda-list", ("win-64",))
    assert lock.entries == {"conda": 2, "pypi": 2}
    assert [(p.manager, p.name, p.version, p.build) for p in lock.packages] == [
        ("conda", "_libgcc_mutex", "0.1", "main"),
        ("conda", "numpy", "1.26.4", "py311h7125741_0"),
        ("pypi", "flask-login", "0.6.3", ""),
        ("pypi", "old", "1.0", ""),
    ]
    assert lock.packages[1].location == Location("requirements.txt", 6, 2, 28)
    assert lock.packages[1].build_number == 0
    assert {p.platform for p in lock.packages} == {"win-64"}


def test_build_may_be_missing():
    assert read("# platform: linux-64\na=1=0\nb=2\n").packages[1].build == ""


@pytest.mark.parametrize(
    "line", ["numpy>=1.26", "numpy==1.26", "numpy", "a=b=c=d", "git+https://a"]
)
def test_other_lines_are_refused(line):
    with pytest.raises(ReadError) as caught:
        read(f"a=1=0\n{line}\n")
    assert caught.value.line == 2


def test_empty_list_is_refused():
    with pytest.raises(ReadError):
        read("# platform: linux-64\n")


def test_recognition():
    assert conda_list.recognizes(source(TEXT))
    assert conda_list.recognizes(source("a=1=0\nb=2=py_0\n"))
    assert conda_list.recognizes(source(TEXT + "broken line\n"))
    assert not conda_list.recognizes(source("numpy==1.26\n"))
    assert not conda_list.recognizes(source("a=1=0\nnumpy==1.26\n"))
    assert not conda_list.recognizes(source("# only a comment\n"))


@settings(deadline=None)
@given(st.text(max_size=200) | mutated(TEXT))
def test_any_text_is_read_or_refused(text):
    assert_reads_or_refuses(conda_list, text, "requirements.txt")
