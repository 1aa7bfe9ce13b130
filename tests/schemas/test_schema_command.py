"""``conda-preflight schema`` as a person runs it."""

from __future__ import annotations

import json

import pytest

from conda_preflight.cli import run
from conda_preflight.schema_files import names, published


def test_the_list_has_every_schema_with_its_title(capsys):
    assert run(["schema"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(names())
    assert all(line.endswith(", version 1") for line in lines)


@pytest.mark.parametrize("name", names())
def test_a_schema_is_written_whole(name, capsys):
    assert run(["schema", name]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == published(name)


def test_an_unknown_one_is_refused_with_the_names_that_there_are(capsys):
    assert run(["schema", "raport"]) == 2
    assert "'report'" in capsys.readouterr().err
