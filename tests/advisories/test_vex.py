import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.advisories.vex import parse
from conda_preflight.errors import ReadError

OPENVEX = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "statements": [
        {
            "vulnerability": {"name": "CVE-2024-28219", "aliases": ["GHSA-44wm-f244-xhp3"]},
            "products": [{"@id": "pkg:oci/app", "subcomponents": [{"@id": "pkg:pypi/pillow"}]}],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
        },
        {
            "vulnerability": {"name": "CVE-2024-1"},
            "products": [{"@id": "pkg:pypi/pillow"}],
            "status": "under_investigation",
        },
    ],
}
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "components": [{"bom-ref": "one", "purl": "pkg:conda/openssl@3.0.1"}],
    "vulnerabilities": [
        {
            "id": "CVE-2024-2",
            "references": [{"id": "GHSA-x"}],
            "analysis": {"state": "resolved_with_pedigree", "detail": "patched in build 3"},
            "affects": [{"ref": "one"}],
        },
        {"id": "CVE-2024-3", "analysis": {"state": "exploitable"}, "affects": [{"ref": "one"}]},
    ],
}


def test_openvex_frees_the_part_that_it_names():
    (found,) = parse(json.dumps(OPENVEX))
    assert found.ids == ("CVE-2024-28219", "GHSA-44wm-f244-xhp3")
    assert found.products == ("pkg:pypi/pillow",)
    assert found.justification == "vulnerable_code_not_in_execute_path"


def test_cyclonedx_frees_the_component_that_it_refers_to():
    (found,) = parse(json.dumps(CYCLONEDX))
    assert found.ids == ("CVE-2024-2", "GHSA-x")
    assert found.products == ("pkg:conda/openssl@3.0.1",)
    assert (found.status, found.reason) == ("fixed", "patched in build 3")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"statements": 3}', "[" * 9999])
def test_anything_else_is_refused(text):
    with pytest.raises(ReadError):
        parse(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["statements", "vulnerability", "products", "status", "name", "@id", "affects"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_whatever_it_holds_nothing_else_is_raised(value):
    document = {"statements": [value], "bomFormat": "CycloneDX", "vulnerabilities": [value]}
    for text in (json.dumps(document), json.dumps({**document, "statements": value})):
        with suppress(ReadError):
            assert isinstance(parse(text), tuple)
