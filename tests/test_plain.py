"""Plain values: what they are made of, how they compare, and what a mistake says."""

from __future__ import annotations

import copy
from dataclasses import field, fields, replace

import pytest

from conda_preflight.plain import document_type, value_type


@value_type
class Pair:
    """Two texts and what belongs to them; the last is not shown."""

    left: str
    right: str = "r"
    more: list[int] = field(default_factory=list)
    secret: str = field(default="", repr=False)


@document_type
class Thing:
    """Equal to itself alone."""

    name: str


@value_type
class Nothing:
    """Has no fields."""


def test_a_value_is_made_by_place_and_by_name():
    assert Pair("a").right == "r"
    assert Pair("a", "b").right == "b"
    assert Pair(right="b", left="a") == Pair("a", "b")
    assert Nothing() == Nothing()


def test_each_value_gets_a_default_of_its_own():
    first = Pair("a")
    first.more.append(1)
    assert Pair("a").more == []
    assert Pair("a", more=first.more).more is first.more


@pytest.mark.parametrize("given", [{}, {"left": "a", "other": "b"}])
def test_a_mistake_names_the_class(given):
    for _ in range(2):  # the first value of a class is made otherwise than the next
        with pytest.raises(TypeError, match=r"^Pair\.__init__\(\) "):
            Pair(**given)


def test_values_compare_by_content_and_documents_by_identity():
    assert Pair("a", more=[1]) == Pair("a", more=[1]) != Pair("a", more=[2])
    assert Pair("a") != "a"
    assert hash(replace(Pair("a"), more=())) == hash(replace(Pair("a"), more=()))
    thing = Thing("a")
    assert [thing, Thing("a")].index(thing) == 0
    assert thing != Thing("a")


def test_it_is_a_dataclass_with_slots():
    assert [entry.name for entry in fields(Pair)] == ["left", "right", "more", "secret"]
    assert not hasattr(Pair("a"), "__dict__")
    assert replace(Pair("a"), left="b").left == "b"
    assert copy.deepcopy(Pair("a", more=[1])) == Pair("a", more=[1])


def test_it_shows_what_may_be_shown():
    assert repr(Pair("a", secret="x")) == "Pair(left='a', right='r', more=[])"  # noqa: S106
