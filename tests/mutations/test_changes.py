"""Every single change to a real prefix is told by its rules, and by no other."""

from __future__ import annotations

import sys

import pytest
from tests.mutations.changes import CHANGES
from tests.mutations.real_prefix import Environment, findings, make

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the prefix is made on Linux")


@pytest.fixture(scope="module")
def made(real_channel, tmp_path_factory) -> Environment:
    return make(real_channel, tmp_path_factory.mktemp("mutations"))


@pytest.fixture
def environment(made) -> Environment:
    made.restore()
    return made


def test_there_are_enough_kinds():
    assert len(CHANGES) >= 40


def test_nothing_is_told_of_the_untouched_prefix(environment):
    assert findings(environment) == set()
    assert findings(environment, "--full") == set()


@pytest.mark.parametrize("name", CHANGES)
def test_change(name, environment):
    apply, rules = CHANGES[name]
    variables = apply(environment) or {}
    assert findings(environment, **variables) == rules
