"""Bills are valid, the same for the same input, and tell no secret."""

from __future__ import annotations

import json
import time

import pytest
from bills import circular, hostile, large, usual
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from conda_preflight.documents.advisory import Identity, Vulnerability
from conda_preflight.opening import source_of
from conda_preflight.readers import cyclonedx as cyclonedx_reader
from conda_preflight.readers import spdx as spdx_reader
from conda_preflight.sbom import cyclonedx, spdx
from conda_preflight.sbom.bill import bill
from conda_preflight.sbom.links import links
from conda_preflight.sbom.scanners import SCANNERS, facing
from conda_preflight.sbom.vulnerabilities import Analysis, entries

SHAPES = {"usual": usual, "hostile": hostile, "circular": circular}


def made(shape):
    installation = SHAPES[shape]()
    known = {
        "pytorch": (Identity("PyPI", "torch", "2.1.0+cu118", "dist-info"),),
        "openssl": (Identity("Upstream", "openssl", "3.4.0", "native table"),),
        "python": (
            Identity("PyPI", "pip", "24.0", "dist-info"),
            Identity("PyPI", "setuptools", "70.0", "dist-info"),
        ),
    }
    identities = {p: known[p.name] for p in installation.packages if p.name in known}
    return bill(shape, "pre-build", [installation], identities)


def component(text, name):
    return next(c for c in json.loads(text)["components"] if c["name"] == name)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("version", ["1.6", "1.7"])
def test_cyclonedx_is_valid(shape, version):
    text = cyclonedx.write(made(shape), version)
    assert JsonStrictValidator(SchemaVersion.from_version(version)).validate_str(text) is None


@pytest.mark.parametrize("shape", SHAPES)
def test_spdx_is_valid(shape):
    text = spdx.write(made(shape))
    found = JsonLikeDictParser().parse(json.loads(text))
    assert [m.validation_message for m in validate_full_spdx_document(found)] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_input_gives_the_same_bytes(shape):
    assert cyclonedx.write(made(shape), "1.6") == cyclonedx.write(made(shape), "1.6")
    assert spdx.write(made(shape)) == spdx.write(made(shape))


def test_another_input_has_another_number():
    numbers = {json.loads(cyclonedx.write(made(s), "1.6"))["serialNumber"] for s in SHAPES}
    assert len(numbers) == len(SHAPES)


def test_a_time_stands_in_it_where_one_is_told():
    metadata = json.loads(cyclonedx.write(made("usual"), "1.6"))["metadata"]
    assert "timestamp" not in metadata
    told = json.loads(cyclonedx.write(made("usual"), "1.6", moment=0))["metadata"]
    assert told["timestamp"] == "1970-01-01T00:00:00+00:00"
    of_newest = json.loads(spdx.write(made("usual")))["creationInfo"]["created"]
    assert of_newest == "2023-11-14T22:13:20Z"


def test_no_secret_and_no_path_of_this_machine_is_told():
    for text in (cyclonedx.write(made("hostile"), "1.7"), spdx.write(made("hostile"))):
        assert "hunter2" not in text
        assert "tk-1" not in text
        assert "token=q" not in text
        assert "somebody" not in text
        assert "\x1b" not in text


def test_both_identities_licence_digests_and_needs_are_told():
    text = cyclonedx.write(made("usual"), "1.6")
    torch = component(text, "pytorch")
    assert torch["purl"] == (
        "pkg:conda/pytorch@2.1.0?build=h0_0&channel=conda-forge&subdir=linux-64&type=conda"
    )
    assert torch["evidence"]["identity"][0]["concludedValue"] == "pkg:pypi/torch@2.1.0%2Bcu118"
    assert torch["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    assert torch["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert torch["supplier"]["name"] == "conda-forge"
    assert component(text, "freetype")["licenses"] == [{"expression": "GPL-2.0-only OR FTL"}]
    assert component(text, "r-stringi")["licenses"] == [{"license": {"name": "FOSS"}}]
    needs = {d["ref"]: d.get("dependsOn", []) for d in json.loads(text)["dependencies"]}
    python = component(text, "python")["bom-ref"]
    assert needs[torch["bom-ref"]] == [python]
    assert needs["pkg:pypi/fastapi@0.115.0"] == [torch["bom-ref"]]
    assert torch["bom-ref"] in needs["environment"]


def test_packages_that_share_an_address_are_two():
    refs = [part.ref for part in made("hostile").parts if part.name == "same"]
    assert len(refs) == len(set(refs)) == 2


@pytest.mark.parametrize(
    ("write", "reader"),
    [
        (lambda b: cyclonedx.write(b, "1.6"), cyclonedx_reader),
        (spdx.write, spdx_reader),
    ],
)
def test_what_is_written_can_be_read(write, reader):
    text = write(made("usual"))
    source = source_of(text.encode(), "bom.json")
    assert reader.recognizes(source)
    (found,) = reader.read(source)
    told = {(p.manager, p.name, p.version, p.build) for p in usual().packages}
    assert {(p.manager, p.name, p.version, p.build) for p in found.packages} == told
    torch = next(p for p in found.packages if p.name == "pytorch")
    assert (torch.purls, torch.depends) == (("pkg:pypi/torch@2.1.0%2Bcu118",), ("python",))


@pytest.mark.parametrize("name", SCANNERS)
def test_a_scanner_finds_the_identity_that_it_looks_up(name):
    text = cyclonedx.write(facing(made("usual"), SCANNERS[name]), "1.6")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    torch = component(text, "torch")
    assert torch["purl"] == "pkg:pypi/torch@2.1.0%2Bcu118"
    assert torch["bom-ref"].startswith("pkg:conda/pytorch@")
    openssl = component(text, "openssl")
    assert openssl["purl"].startswith("pkg:generic/" if name == "snyk" else "pkg:conda/")
    assert ("cpe" in openssl) == (name == "grype")
    assert {component(text, each)["purl"] for each in ("pip", "setuptools")} == {
        "pkg:pypi/pip@24.0",
        "pkg:pypi/setuptools@70.0",
    }


def flaw(package, state="affected", **more):
    identity = Identity("PyPI", package.name, package.version, "dist-info")
    ids = ("CVE-2026-0001", "GHSA-aaaa-bbbb-cccc")
    return Vulnerability(
        package, identity, ids, ("PYSEC-2026-1",), "< 4", state, summary="A flaw", **more
    )


def test_vulnerabilities_are_told_with_what_was_found_out():
    packages = usual().packages
    known = bill("usual", "pre-build", [usual_of(packages)], {})
    flaws = [
        flaw(packages[0], score=9.8, rating="CRITICAL", fixed=("3.12",), exploited="2026-01-01"),
        flaw(packages[1], "not applicable", reason="Wheels only", likelihood=0.25),
        flaw(packages[2], "fixed by a patch", reason="Fixed in build 1"),
        flaw(packages[3]),
    ]
    decided = {flaws[3]: Analysis("in_triage", detail="Being looked at")}
    found = entries(flaws, lambda each: (known.refs[each.package],), decided)
    text = cyclonedx.write(known, "1.6", found)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    told = json.loads(text)["vulnerabilities"]
    states = sorted(entry.get("analysis", {}).get("state", "") for entry in told)
    assert states == ["", "in_triage", "not_affected", "resolved_with_pedigree"]
    first = next(entry for entry in told if "analysis" not in entry)
    assert first["id"] == "CVE-2026-0001"
    assert first["ratings"][0]["severity"] == "critical"
    assert first["recommendation"] == "Upgrade python to 3.12."
    assert {r["id"] for r in first["references"]} == {"GHSA-aaaa-bbbb-cccc", "PYSEC-2026-1"}
    pages = links(flaws, lambda each: (known.refs[each.package],))
    assert len(pages) == 2
    found = JsonLikeDictParser().parse(json.loads(spdx.write(known, pages)))
    assert validate_full_spdx_document(found) == []


def usual_of(packages):
    installation = usual()
    return type(installation)(installation.place, packages, installation.subdir)


@pytest.mark.slow
@pytest.mark.parametrize("write", [lambda b: cyclonedx.write(b, "1.6"), spdx.write])
def test_ten_thousand_packages_are_written(write):
    started = time.process_time()
    whole = bill("large", "pre-build", [large()], {})
    assert len(json.loads(write(whole))) > 5
    assert time.process_time() - started < 120
