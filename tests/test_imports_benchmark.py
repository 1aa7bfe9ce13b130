"""Owners of imports on ten real projects, against the owners of the files (``make test-full``)."""

from __future__ import annotations

import os

import pytest
from benchmarks.imports import PROJECTS, case, ours, owners, theirs

pytestmark = pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "full",
    reason="fetches ten projects and what they need; make test-full does",
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("imports")


@pytest.mark.parametrize("name", PROJECTS)
def test_owners_by_files_and_by_names(name, folder):
    one = case(name, folder)
    score = owners(one)
    assert score.imports > 20
    assert score.by_files == score.imports
    assert score.by_names >= 0.98 * score.imports, score.wrong
    assert len(ours(one).wrong) <= len(theirs(one).wrong)
