from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lock_texts import assert_reads_or_refuses, mutated, source

from conda_preflight.errors import ReadError
from conda_preflight.readers import spdx

TEXT = """\
{"spdxVersion": "SPDX-2.3", "name": "demo", "SPDXID": "SPDXRef-DOCUMENT",
 "packages": [
  {"SPDXID": "SPDXRef-1", "name": "openssl", "versionInfo": "3.4.0",
   "downloadLocation": "NOASSERTION", "licenseDeclared": "Apache-2.0",
   "checksums": [{"algorithm": "MD5", "checksumValue": "0123456789abcdef0123456789ABCDEF"}],
   "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
     "referenceLocator": "pkg:conda/openssl@3.4.0?subdir=linux-64"}]},
  {"SPDXID": "SPDXRef-2", "name": "torch", "licenseDeclared": "NOASSERTION",
   "licenseConcluded": "BSD-3-Clause",
   "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/torch@2.1.0%2Bcu118"}]},
  {"SPDXID": "SPDXRef-3", "name": "base-files"}],
 "relationships": [
  {"spdxElementId": "SPDXRef-2", "relationshipType": "DEPENDS_ON",
   "relatedSpdxElement": "SPDXRef-1"},
  {"spdxElementId": "SPDXRef-2", "relationshipType": "DEPENDENCY_OF",
   "relatedSpdxElement": "SPDXRef-1"},
  {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
   "relatedSpdxElement": "SPDXRef-1"}]}
"""


def test_packages_of_both_managers_are_read():
    (bill,) = spdx.read(source(TEXT, "a.spdx.json"))
    assert (bill.kind, bill.version, bill.name) == ("spdx", "2.3", "demo")
    openssl, torch = bill.packages
    assert (openssl.manager, openssl.name, openssl.version) == ("conda", "openssl", "3.4.0")
    assert openssl.md5 == "0123456789abcdef0123456789abcdef"
    assert (openssl.licence, openssl.url, openssl.subdir) == ("Apache-2.0", "", "linux-64")
    assert (torch.manager, torch.version, torch.licence) == ("pypi", "2.1.0+cu118", "BSD-3-Clause")
    assert (torch.depends, openssl.depends) == (("openssl",), ("torch",))
    assert [p.location.line for p in bill.packages] == [3, 8]
    assert bill.others == {"": 1}


def test_recognition():
    assert spdx.recognizes(source(TEXT))
    assert not spdx.recognizes(source('{"spdxVersion": "SPDX-3.0"}'))


@pytest.mark.parametrize("text", ["", "[]", '{"spdxVersion": "SPDX-3.0"}', '{"spdxVersion": 2}'])
def test_other_json_is_refused(text):
    with pytest.raises(ReadError):
        spdx.read(source(text))


@settings(deadline=None)
@given(st.text(max_size=200) | mutated(TEXT))
def test_any_text_is_read_or_refused(text):
    assert_reads_or_refuses(spdx, text, "a.spdx.json")
