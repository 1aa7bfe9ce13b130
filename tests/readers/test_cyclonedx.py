from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lock_texts import assert_reads_or_refuses, mutated, source

from conda_preflight.documents import Location
from conda_preflight.errors import ReadError
from conda_preflight.readers import cyclonedx

HEX = "0" * 64
TEXT = """\
{"bomFormat": "CycloneDX", "specVersion": "1.6",
 "metadata": {"component": {"name": "demo"}},
 "components": [
  {"bom-ref": "a", "name": "numpy",
   "purl": "pkg:conda/numpy@1.26.4?build=py311h64a7726_0&channel=conda-forge&subdir=linux-64",
   "hashes": [{"alg": "SHA-256", "content": "%s"}, {"alg": "MD5", "content": "short"}],
   "licenses": [{"expression": "BSD-3-Clause"}],
   "evidence": {"identity": [{"field": "purl", "concludedValue": "pkg:pypi/numpy@1.26.4"}]},
   "externalReferences": [{"type": "distribution", "url": "https://conda.example.org/n.conda"}],
   "components": [{"bom-ref": "b", "name": "blas", "purl": "pkg:conda/blas@1.0"}]},
  {"bom-ref": "c", "name": "Flask_Login", "purl": "pkg:pypi/Flask_Login@0.6.3",
   "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Other"}}]},
  {"bom-ref": "d", "name": "left-pad", "purl": "pkg:npm/left-pad@1.0.0"},
  {"bom-ref": "e", "name": "libc6"}],
 "dependencies": [{"ref": "c", "dependsOn": ["a", "d", "unknown"]}, {"ref": "a", "dependsOn": ["a"]}]}
""".replace("%s", HEX)  # noqa: E501


def read(text=TEXT):
    return cyclonedx.read(source(text, "bom.json"))[0]


def test_packages_of_both_managers_are_read():
    bill = read()
    assert (bill.kind, bill.version, bill.name) == ("cyclonedx", "1.6", "demo")
    numpy, blas, flask = bill.packages
    assert (numpy.manager, numpy.name, numpy.version) == ("conda", "numpy", "1.26.4")
    assert (numpy.build, numpy.build_number, numpy.channel) == ("py311h64a7726_0", 0, "conda-forge")
    assert (numpy.platform, numpy.sha256, numpy.md5) == ("linux-64", HEX, "")
    assert numpy.purls == ("pkg:pypi/numpy@1.26.4",)
    assert numpy.licence == "BSD-3-Clause"
    assert (blas.name, blas.version) == ("blas", "1.0")
    assert (flask.manager, flask.name, flask.licence) == ("pypi", "flask-login", "MIT AND Other")
    assert flask.depends == ("numpy",)
    assert bill.others == {"": 1, "npm": 1}


def test_each_package_has_its_place():
    numpy, blas, flask = read().packages
    assert numpy.location == Location("bom.json", 5, 13, 80)
    assert [p.location.line for p in (numpy, blas, flask)] == [5, 10, 11]


def test_recognition():
    assert cyclonedx.recognizes(source(TEXT))
    assert not cyclonedx.recognizes(source('{"name": "CycloneDX"}'))
    assert not cyclonedx.recognizes(source("bomFormat: CycloneDX"))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "1", '{"bomFormat": "other"}', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"],
)
def test_other_json_is_refused(text):
    with pytest.raises(ReadError):
        read(text)


def test_components_within_components_end():
    inner = {"name": "x", "purl": "pkg:conda/x@1"}
    for _ in range(60):
        inner = {"name": "y", "purl": "pkg:conda/y@1", "components": [inner]}
    bill = read(json.dumps({"bomFormat": "CycloneDX", "components": [inner]}))
    assert len(bill.packages) == cyclonedx.MAX_DEPTH


def test_places_are_not_searched_for_without_end():
    one = '{"name": "a", "purl": "pkg:pypi/\\u0061@1"},'
    text = '{"bomFormat": "CycloneDX", "components": [' + one * 50_000 + '{"name": "z"}]}'
    started = time.process_time()
    assert len(read(text).packages) == 50_000
    assert time.process_time() - started < 5


def test_halves_of_surrogate_pairs_can_be_printed():
    text = '{"bomFormat": "CycloneDX", "components": [{"purl": "pkg:pypi/a\\ud800@1"}]}'
    (package,) = read(text).packages
    assert package.name == "a\ufffd"


@settings(deadline=None)
@given(st.text(max_size=200) | mutated(TEXT))
def test_any_text_is_read_or_refused(text):
    assert_reads_or_refuses(cyclonedx, text, "bom.json")
