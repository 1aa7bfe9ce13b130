"""What a record keeps of who needs whom: it comes back as it was, and hostile links do not."""

from __future__ import annotations

import json

import pytest
from tests.ledger.record_builder import packages, record

from conda_preflight.actions.recording import environment
from conda_preflight.documents import Location, Package
from conda_preflight.errors import ReadError
from conda_preflight.installation import Ask, Installation, Place
from conda_preflight.ledger.book import open_ledger
from conda_preflight.ledger.form import read, written
from conda_preflight.ledger.linking import links_of
from conda_preflight.ledger.record import Environment, Links

AT = Location("conda-lock.yml", 1)
LINKS = Links((5, 0), ((1,), ()), ((0, "a >=1", "environment.yml:3"),))


def linked(links=LINKS):
    two = packages(("a", "1"), ("b", "2"))
    return Environment(two.path, two.name, two.platform, two.packages, links)


def test_links_come_back_from_a_ledger(tmp_path):
    with open_ledger(str(tmp_path / "ledger.db")) as ledger:
        ledger.append(record(1, (), [linked(None), linked()]))
        ledger.append(record(2, (), [linked(None)]))
        assert [each.links for each in ledger.record(1).environments] == [None, LINKS]
        assert [each.links for each in ledger.record(2).environments] == [None]
        assert not ledger.verify().faults


def test_a_record_without_links_has_the_bytes_that_it_always_had():
    assert "links" not in json.loads(written(record(1, (), [linked(None)])).body)


@pytest.mark.parametrize(
    "told",
    [
        {"sizes": [1], "needs": [], "asked": []},
        {"sizes": [-1, 0], "needs": [], "asked": []},
        {"sizes": [True, 0], "needs": [], "asked": []},
        {"sizes": [1 << 60, 0], "needs": [], "asked": []},
        {"sizes": [], "needs": [[2], []], "asked": []},
        {"sizes": [], "needs": [["0"], []], "asked": []},
        {"sizes": [], "needs": [], "asked": [[2, "a", "b"]]},
        {"sizes": [], "needs": [], "asked": [[0, 1, "b"]]},
        {"sizes": [], "needs": [], "asked": [[0]]},
        {"needs": []},
        [],
        "text",
    ],
)
def test_links_that_are_of_no_package_are_refused(told):
    with pytest.raises((ReadError, ValueError, TypeError, KeyError)):
        links_of(told, 2)
    whole = written(record(1, (), [linked()]))
    data = json.dumps([told]).encode()
    body = json.loads(whole.body)
    contents = {**whole.contents, body["links"]: data}
    with pytest.raises(ReadError):
        read(whole.body, contents.__getitem__)


def test_what_a_lock_tells_is_kept_by_the_numbers_of_its_packages():
    numpy = Package("conda", "numpy", "2.0", AT, size=7, depends=("libblas >=3", "__glibc >=2.17"))
    blas = Package("conda", "libblas", "3.9", AT, size=3)
    asked = (Ask("conda", "numpy", "numpy >=2", "environment.yml:4"),)
    one = Installation(Place("", "linux-64"), (numpy, blas), "linux-64", asked)
    made = environment("conda-lock.yml", one)
    assert [each.name for each in made.packages] == ["libblas", "numpy"]
    assert made.links == Links((3, 7), ((), (0,)), ((1, "numpy >=2", "environment.yml:4"),))


def test_a_list_without_dependencies_does_not_say_that_nothing_is_needed():
    bare = Package("conda", "numpy", "2.0", AT)
    explicit = Installation(Place(), (bare,), unlinked=frozenset((bare,)))
    assert environment("explicit.txt", explicit).links is None
