"""Prefixes that are judged together have names of their own, and each is judged once."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.freezing.frozen_tree import make

from conda_preflight.cli import run
from conda_preflight.ledger.book import open_ledger
from conda_preflight.prefix_names import prefix_names

words = st.lists(st.sampled_from(["a", "b", "env"]), min_size=1, max_size=4)


def test_one_alone_has_the_name_of_its_folder():
    assert prefix_names([Path("/opt/envs/env")]) == {Path("/opt/envs/env"): "env"}


def test_folders_above_tell_them_apart():
    some = [Path("/opt/a/env"), Path("/opt/b/env"), Path("/srv/other")]
    assert list(prefix_names(some).values()) == ["a/env", "b/env", "other"]


@given(st.lists(words, max_size=6))
def test_no_two_have_one_name(some):
    paths = [Path("/nowhere", *each) for each in some]
    names = prefix_names(paths)
    assert len(set(names.values())) == len(names) == len(set(paths))
    assert all(str(path).endswith(name) for path, name in names.items())


def test_two_prefixes_of_one_folder_name_are_two_places_in_the_ledger(tmp_path, capsys):
    first, second = (make(tmp_path / name / "env") for name in ("a", "b"))
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "environment.yml").write_text("name: x\ndependencies: [greet]\n")
    words = ["audit", str(tmp_path / "project"), "--ledger", str(tmp_path / "ledger.db")]
    run([*words, "--prefix", str(first), "--prefix", str(second), "--prefix", f"{first}/../env"])
    capsys.readouterr()
    with open_ledger(str(tmp_path / "ledger.db")) as ledger:
        places = [one.path for one in ledger.record(1).environments]
    assert places == ["a/env/", "b/env/"]
