"""A record becomes an advisory, or a ReadError, whatever it holds."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.advisories.bitnami import about_projects
from conda_preflight.advisories.osv_form import osv_form
from conda_preflight.advisories.record import MAX_BYTES, advisory, parse, product_name
from conda_preflight.documents.advisory import Advisory
from conda_preflight.engines.advisory_tables import cve_number, cve_text, pack, unpack
from conda_preflight.errors import ReadError
from conda_preflight.facts.bitnami_products import bitnami_products
from conda_preflight.facts.native_products import products

FACTS = Path(os.environ.get("CONDA_PREFLIGHT_FACTS", Path(__file__).parents[3] / "shared/facts"))
FULL = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "modified": "2025-01-02T03:04:05Z",
    "withdrawn": None,
    "aliases": ["CVE-2025-1234", "CVE-2025-1234", "GHSA-aaaa-bbbb-cccc", 7],
    "related": ["CVE-2025-9999"],
    "summary": "A summary",
    "details": "Details\nof it",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}, {"type": "Ubuntu", "score": "low"}],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Some_Project.x"},
            "ranges": [
                {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "abc"}]},
                {"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"fixed": "2"}]},
            ],
            "versions": ["1.0", "1.1"],
            "database_specific": {"last_known_affected_version_range": "<= 1.9"},
        },
        {
            "package": {"ecosystem": "Upstream", "name": "LibX"},
            "database_specific": {"version_scheme": "openssl", "jll": "LibX_jll"},
        },
        {"ranges": [{"type": "GIT", "events": []}]},
    ],
    "references": [{"type": "WEB", "url": "https://example.org/1"}, {"url": "javascript:x"}],
    "database_specific": {"severity": "MODERATE", "cvss_score": 5.5, "tool_or_lib": "lib"},
}


def same(one: Advisory, other: Advisory) -> bool:
    return osv_form(one) == osv_form(other)


def test_all_of_a_record():
    found = advisory(FULL)
    assert found.id == "GHSA-aaaa-bbbb-cccc"
    assert found.aliases == ("CVE-2025-1234",)
    assert found.vectors == (("CVSS_V3", "CVSS:3.1/AV:N"),)
    assert (found.score, found.rating, found.withdrawn) == (5.5, "MEDIUM", "")
    assert found.source == "github/advisory-database"
    assert found.references == ("https://example.org/1",)
    first, second = found.affected
    assert (first.ecosystem, first.name) == ("PyPI", "some-project-x")
    assert first.ranges == ((("introduced", "1"), ("fixed", "2")),)
    assert first.versions == ("1.0", "1.1")
    assert (second.name, second.scheme, second.ranges) == ("libx", "openssl", ())
    assert found.notes == (
        "tool_or_lib: lib",
        "last_known_affected_version_range: <= 1.9",
        "ranges: commits",
        "jll: LibX_jll",
    )


def test_it_comes_back_from_its_own_form_and_from_a_blob():
    found = advisory(FULL)
    again = advisory(osv_form(found))
    assert all(getattr(found, name) == getattr(again, name) for name in found.__slots__)
    assert same(unpack(pack(found)), found)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": None}, "no id"),
        ({"id": "../x"}, "no id"),
        ({"id": "a/b"}, "no id"),
        ({"id": "x" * 200}, "no id"),
        ({"affected": {}}, None),
        ({"affected": "x"}, "affected is no list"),
        ({"affected": [3]}, "affected is no table"),
        ({"affected": [{}] * 1001}, "more than 1000"),
        ({"affected": [{"package": []}]}, "package is no table"),
        ({"affected": [{"package": {"ecosystem": "PyPI", "name": "x" * 300}}]}, "without end"),
        ({"database_specific": 3}, "database_specific is no table"),
    ],
)
def test_what_decides_is_whole_or_refused(change, words):
    if words is None:
        assert advisory({**FULL, **change}).affected == ()
        return
    with pytest.raises(ReadError, match=words):
        advisory({**FULL, **change})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"versions": ["1"] * 20_001}, "more than 20000"),
        ({"versions": [1]}, "a version is no text"),
        ({"versions": ["1" * 300]}, "without end"),
        ({"ranges": 3}, "ranges is no list"),
        ({"ranges": [{"events": [["introduced", "0"]]}]}, "events is no table"),
        ({"ranges": [{"events": [{"introduced": 0}]}]}, "a version is no text"),
        ({"ranges": [{"events": [{}] * 4001}]}, "more than 4000"),
    ],
)
def test_versions_are_whole_or_refused(change, words):
    product = {"package": {"ecosystem": "PyPI", "name": "x"}, **change}
    with pytest.raises(ReadError, match=words):
        advisory({**FULL, "affected": [product]})


def test_texts_are_cut_and_halves_of_pairs_replaced():
    found = advisory({**FULL, "details": "\ud800" + "x" * 9000, "aliases": ["CVE-1"] * 9000})
    assert len(found.words) == 3000
    found.words.encode()
    assert found.aliases == ("CVE-1",)


@pytest.mark.parametrize("score", [True, "5", -1, 11, float("nan"), float("inf"), None, [5]])
def test_a_score_that_is_none(score):
    assert advisory({**FULL, "database_specific": {"cvss_score": score}}).score is None


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[" * 100_000, b"\xff", b"null", b"3", b"[]", b"1" * 5000, b" " * (MAX_BYTES + 1)],
)
def test_bytes_that_are_no_record(text):
    with pytest.raises(ReadError):
        parse(text)


def test_names_are_looked_up_as_they_are_held():
    assert product_name("PyPI", "A_b.-c") == "a-b-c"
    assert product_name("Upstream", "LibX_y") == "libx_y"


def test_cves_are_numbers():
    assert cve_text(cve_number("CVE-2025-0001")) == "CVE-2025-0001"
    assert cve_text(cve_number("CVE-2025-1234567")) == "CVE-2025-1234567"
    assert cve_number("CVE-2025-1") is None
    assert cve_number("GHSA-2025-0001") is None


def of_bitnami(component):
    events = [{"introduced": "0"}, {"fixed": "16.2.0"}]
    product = {
        "package": {"ecosystem": "Bitnami", "name": component},
        "ranges": [{"type": "SEMVER", "events": events}],
    }
    return advisory({"id": f"BIT-{component}-2025-1", "affected": [product]})


def test_bitnami_writes_about_projects():
    native = about_projects(of_bitnami("python"))
    assert [(one.ecosystem, one.name, one.scheme) for one in native.affected] == [
        ("Upstream", "cpython", "pep440")
    ]
    assert (native.precision, native.source) == ("nvd-cpe", "bitnami/vulndb")
    project = about_projects(of_bitnami("pytorch"))
    assert [(one.ecosystem, one.name, one.scheme) for one in project.affected] == [
        ("PyPI", "torch", "")
    ]
    assert project.precision == ""
    other = of_bitnami("wordpress")
    assert same(about_projects(other), other)


def test_every_product_of_bitnami_is_known_to_the_native_table():
    known = {product.name for product in products()}
    natives = {name for ecosystem, name in bitnami_products().values() if ecosystem == "Upstream"}
    assert natives <= known


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from([*FULL, "package", "ecosystem", "name", "ranges", "events", "versions"])


@given(st.dictionaries(KEYS, JSON, max_size=8), st.dictionaries(KEYS, JSON, max_size=8))
def test_any_json_is_an_advisory_or_an_error(record, product):
    record = {"id": "X-1", "affected": [product], **record}
    try:
        found = advisory(record)
    except ReadError:
        return
    assert same(advisory(osv_form(found)), found)
    assert same(unpack(pack(found)), found)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["osv-pypi", "osv-native"])
def test_every_real_record_is_read_and_comes_back(name):
    file = FACTS / "vuln" / f"{name}.jsonl.gz"
    if not file.exists():
        pytest.skip(f"{file} is not there")
    with gzip.open(file) as lines:
        found = [parse(line) for line in lines]
    assert len(found) > 5000
    for one in found:
        assert one.affected, one.id
        assert json.dumps(osv_form(advisory(osv_form(one)))) == json.dumps(osv_form(one))
