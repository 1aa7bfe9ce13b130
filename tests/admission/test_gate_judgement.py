"""The gate says yes to a fresh GO for where the image may run, and to nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.admission.gates import (
    DIGEST,
    IMAGE,
    OTHER,
    keep,
    pod,
    review,
    settings,
    templated,
    verdict,
)

from conda_preflight.admission import configuration, pods
from conda_preflight.admission.envelopes import in_folder
from conda_preflight.admission.judgement import decide, warned
from conda_preflight.admission.review import answer, read
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.report import Verdict

POOLS = """
[pools.a100]
labels = {"pool" = "a100", "zone" = "x"}
targets = ["a100"]
[pools.t4]
labels = {"pool" = "t4"}
targets = ["t4"]
"""


def decided(file, thing, **more):
    wanted = configuration.read(file)

    def find(image):
        return in_folder(wanted.envelopes, image.digest.removeprefix("sha256:"))

    return decide(read(review(thing, **more)), wanted, find, datetime.now(UTC))


def refused(file, thing, **more):
    found = decided(file, thing, **more)
    assert not found.allowed
    return " ".join(found.reasons)


@pytest.mark.parametrize("kind", pods.KINDS)
def test_each_kind_with_an_accepted_image_may_be(tmp_path, kind):
    file = settings(tmp_path)
    thing = templated(kind, pod()["spec"])
    assert "There is no signed verdict about it" in refused(file, thing)
    keep(file, verdict())
    assert decided(file, thing).allowed


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (lambda: verdict(digest=OTHER), "not about this image"),
        (lambda: verdict(key="theirs"), "No trusted key signed it"),
        (lambda: verdict(go=Verdict.NO_GO), "The verdict is NO-GO"),
        (lambda: verdict(audited=datetime.now(UTC) - timedelta(days=31)), "audited 31 days ago"),
        (lambda: verdict().replace("payload", "payloat", 1), "no payload"),
        (lambda: "{", "not JSON"),
        (lambda: " " * (33 << 20), "larger than 32 MiB"),
    ],
)
def test_other_verdicts_are_refused_and_said(tmp_path, text, why):
    file = settings(tmp_path)
    keep(file, text())
    assert why in refused(file, pod())


def test_one_good_verdict_among_bad_ones_is_enough(tmp_path):
    file = settings(tmp_path)
    keep(file, verdict(key="theirs"), name=".a")
    keep(file, verdict(), name=".b")
    found = decided(file, pod())
    assert found.allowed
    assert "signed by" in found.notes["accepted"]


@pytest.mark.parametrize(
    ("image", "why"),
    [
        ("registry.example.org/nlp/chat:1.4", "named by a tag"),
        ("chat", "docker.io/library/chat, which is named by a tag"),
        ("registry.example.org/nlp/chat@sha256:ab", "no name of an image"),
        ("registry.example.org/nlp/chat@md5:" + "a" * 32, "no name of an image"),
        ("", "names no image"),
        ("a b\n\x1b[31m", "no name of an image"),
    ],
)
def test_an_image_must_be_named_by_its_digest(tmp_path, image, why):
    file = settings(tmp_path)
    keep(file, verdict())
    assert why in refused(file, pod(image))


@pytest.mark.parametrize(
    "more",
    [
        {"initContainers": [{"name": "load", "image": "busybox:1"}]},
        {"ephemeralContainers": [{"name": "debug", "image": "busybox:1"}]},
        {"volumes": [{"name": "model", "image": {"reference": "busybox:1"}}]},
    ],
)
def test_every_place_of_an_image_counts(tmp_path, more):
    file = settings(tmp_path)
    keep(file, verdict())
    assert "busybox:1" in refused(file, pod(**more))


def test_what_runs_already_stays_free(tmp_path):
    file = settings(tmp_path)
    old = pod()
    labelled = {**old, "metadata": {"name": "chat", "labels": {"a": "b"}}}
    assert decided(file, labelled, operation="UPDATE", old=old).allowed
    debugged = pod(ephemeralContainers=[{"name": "debug", "image": "busybox:1"}])
    assert "busybox:1" in refused(file, debugged, operation="UPDATE", old=old)
    other = pod(IMAGE.replace(DIGEST, OTHER))
    assert OTHER in refused(file, other, operation="UPDATE", old=old)
    moved = pod(nodeSelector={"pool": "t4"})
    assert DIGEST in refused(file, moved, operation="UPDATE", old=old)
    assert decided(file, old, operation="DELETE").allowed


def affinity(*terms):
    rows = [{"matchExpressions": list(term)} for term in terms]
    asked = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": rows}}
    return {"affinity": {"nodeAffinity": asked}}


def is_in(*values):
    return {"key": "pool", "operator": "In", "values": list(values)}


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({"nodeSelector": {"pool": "a100"}}, ""),
        ({"nodeSelector": {"pool": "a100", "other": "label"}}, ""),
        ({"nodeSelector": {"pool": "t4"}}, "t4"),
        ({"nodeSelector": {"other": "label"}}, "t4"),
        ({}, "t4"),
        ({"nodeName": "node-1"}, "t4"),
        (affinity([is_in("a100")]), ""),
        (affinity([is_in("a100", "t4")]), "t4"),
        (affinity([is_in("a100")], [is_in("t4")]), "t4"),
        (affinity([is_in("a100")], [{"key": "new", "operator": "Exists"}]), "t4"),
        (affinity([{"key": "pool", "operator": "NotIn", "values": ["t4"]}]), ""),
        (affinity([{"key": "zone", "operator": "DoesNotExist"}]), "t4"),
        (affinity([{"key": "pool", "operator": "Gt", "values": ["5"]}]), "t4"),
    ],
)
def test_a_go_is_needed_for_each_pool_where_it_may_run(tmp_path, more, missing):
    file = settings(tmp_path, POOLS)
    keep(file, verdict(targets=("a100",)))
    if missing:
        assert f"The target {missing} was not judged" in refused(file, pod(**more))
    else:
        assert decided(file, pod(**more)).allowed


def test_a_pod_for_no_known_pool_is_refused(tmp_path):
    file = settings(tmp_path, POOLS)
    keep(file, verdict(targets=("a100", "t4")))
    assert decided(file, pod()).allowed
    assert "no pool of the settings" in refused(file, pod(nodeSelector={"pool": "h100"}))


def test_exemptions_are_of_namespaces_and_whole_names(tmp_path):
    file = settings(
        tmp_path,
        'exempt-namespaces = ["kube-system"]\nexempt-images = ["registry.example.org/mesh/*"]\n',
    )
    assert decided(file, pod(), namespace="kube-system").allowed
    assert decided(file, pod("registry.example.org/mesh/proxy:1")).allowed
    assert "tag" in refused(file, pod("evil.example.org/registry.example.org/mesh/proxy:1"))
    inside = {**pod(), "metadata": {"namespace": "kube-system"}}
    assert "no signed verdict" in refused(file, inside)


@pytest.mark.parametrize(
    "thing",
    [
        {"kind": "Deployment", "spec": {}},
        {"kind": "Pod", "spec": None},
        {"kind": "Pod", "spec": {"containers": {"a": 1}}},
        {"kind": "Pod", "spec": {"containers": ["a"]}},
        {"kind": "Pod", "spec": {"containers": [{"image": IMAGE}] * 501}},
        {"kind": "Pod", "spec": {"containers": [], "initContainers": 5}},
        {"kind": "Pod", "spec": {"containers": [{"image": {"a": 1}}]}},
    ],
)
def test_what_is_broken_is_refused(tmp_path, thing):
    assert refused(settings(tmp_path), thing)


def test_other_kinds_are_left_to_their_pods(tmp_path):
    found = decided(settings(tmp_path), {"kind": "RayCluster", "spec": {}})
    assert found.allowed
    assert "its pods are judged" in found.warnings[0]


def test_a_folder_that_cannot_be_read_is_no_yes(tmp_path):
    file = settings(tmp_path)
    (tmp_path / "envelopes").rmdir()
    assert "nothing can be told: The folder of verdicts cannot be read" in refused(file, pod())


def test_refusals_may_be_warnings_alone(tmp_path):
    told = warned(decided(settings(tmp_path), pod()))
    response = answer("1", told)["response"]
    assert response["allowed"]
    assert response["warnings"][0].startswith("Would be refused: The container chat runs")
    assert "would-refuse" in response["auditAnnotations"]


def test_an_answer_is_bounded_and_hides_nothing(tmp_path):
    rows = [{"name": f"c{n}", "image": f"a{n}\u202e{'x' * 900}"} for n in range(400)]
    thing = {"kind": "Pod", "spec": {"containers": rows}}
    response = answer("1", decided(settings(tmp_path), thing))["response"]
    assert len(response["status"]["message"]) <= 9000
    assert response["status"]["message"].isprintable()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        review(pod()).replace(b"/v1", b"/v2"),
        review(pod(), uid=""),
        review(pod(), uid="x" * 300),
        b'{"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": 5}',
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_question_has_no_answer(data):
    with pytest.raises(ReadError):
        read(data)


@pytest.mark.parametrize(
    ("more", "policy", "why"),
    [
        ("pool = 5", "", "'pool' is no key of an admission"),
        ("registry = 5", "", "registry is true or false"),
        ("[pools.a]\ntargets = ['x']", "", "The pool a has no labels"),
        ("[pools.a]\nlabels = {a = 'b'}", "", "The pool a has no targets"),
        ("", "threshold = 2", "2 must sign, and 1 keys are trusted"),
        ("", "identity = 'a'\nissuer = 'b'", "Sigstore is not asked here"),
        ("", "max-age = 'x'", "An age is a number of days"),
    ],
)
def test_wrong_settings_have_a_sentence(tmp_path, more, policy, why):
    with pytest.raises(UsageError, match=why):
        configuration.read(settings(tmp_path, more, policy))
    with pytest.raises(UsageError, match=r"none\.toml"):
        configuration.read(Path(tmp_path, "none.toml"))
