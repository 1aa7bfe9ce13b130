"""The gate finds verdicts in the registry of an image, as the API lists them or a tag does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.admission.gates import verdict
from tests.imaging.fake_registry import FakeRegistry, Fault

from conda_preflight.admission.envelopes import MEDIA_TYPE, in_registry
from conda_preflight.engines.download import FetchError
from conda_preflight.errors import ReadError
from conda_preflight.oci import referrers
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import INDEX, MANIFEST, Descriptor, canonical
from conda_preflight.registry.reference import read_reference

NO_API = Fault("GET */referrers/*", status=404, times=9)
SUBJECT = Descriptor(MANIFEST, "sha256:" + "ab" * 32, 7)


def kept(registry, folder, text, *, about=SUBJECT, listed_by=SUBJECT):
    """Put a document about a subject into the index in the place of a referrers API."""
    blobs = Blobs(folder)
    made = referrers.attach(blobs, about, text.encode(), MEDIA_TYPE, "verdict")
    data = b"".join(blobs.chunks(made))
    for layer in json.loads(data)["layers"]:
        registry.blobs[layer["digest"]] = text.encode()
    registry.manifests[made.digest] = (MANIFEST, data)
    index = canonical({"manifests": [{**made.row, "artifactType": MEDIA_TYPE}]})
    registry.manifests[listed_by.digest.replace(":", "-")] = (INDEX, index)
    return index


def found(registry):
    return list(in_registry(read_reference(f"{registry.host}/a/b@{SUBJECT.digest}")))


def test_a_verdict_is_found_by_the_tag_in_place_of_the_api(tmp_path):
    text = verdict()
    with FakeRegistry(replace(NO_API)) as registry:
        assert found(registry) == []
        kept(registry, tmp_path, text)
        assert found(registry) == [text.encode()]
        assert registry.count(f"GET /v2/a/b/referrers/{SUBJECT.digest}") == 2


def test_a_verdict_is_found_by_the_api(tmp_path):
    text = verdict()
    with FakeRegistry() as registry:
        index = kept(registry, tmp_path, text)
        del registry.manifests[SUBJECT.digest.replace(":", "-")]
        registry.faults.append(Fault("GET */referrers/*", status=200, other=index))
        assert found(registry) == [text.encode()]


def test_what_is_about_another_image_is_passed_over(tmp_path):
    other = Descriptor(MANIFEST, "sha256:" + "cd" * 32, 7)
    with FakeRegistry(replace(NO_API)) as registry:
        kept(registry, tmp_path, verdict(), about=other)
        assert found(registry) == []


def test_a_changed_document_and_a_silent_registry_are_no_answers(tmp_path):
    text = verdict()
    with FakeRegistry(replace(NO_API)) as registry:
        kept(registry, tmp_path, text)
        for digest in list(registry.blobs):
            registry.blobs[digest] = b"x" * len(text)
        with pytest.raises(ReadError):
            found(registry)
    with pytest.raises(FetchError):
        found(registry)
