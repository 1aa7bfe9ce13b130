"""What is written for a cluster is valid there, and asks for nothing that the docs do not name."""

from __future__ import annotations

from datetime import date

import celpy
import pytest
import yaml
from click.testing import CliRunner
from kubernetes_validate import validate

from conda_preflight.audit import audit
from conda_preflight.cli import main, run
from conda_preflight.cluster import digest_policy, gate_objects
from conda_preflight.config import Settings
from conda_preflight.project import open_project

IMAGE = f"registry.example.org/preflight@sha256:{'a' * 64}"
WAYS = ([], ["--registry"], ["--warn-only"], ["--without-server"])
VERSIONS = ("1.31", "1.33", "1.35")


def written(*words):
    found = CliRunner().invoke(main, ["admission", "manifests", "--image", IMAGE, *words])
    assert found.exit_code == 0, found.output
    return found.output


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_gate_is_valid_in_each_version(way, version):
    for thing in yaml.safe_load_all(written(*way)):
        validate(thing, version, strict=True)


def test_the_gate_may_do_nothing_in_the_cluster():
    things = {each["kind"]: each for each in yaml.safe_load_all(written())}
    assert list(things) == [
        "Namespace",
        "ServiceAccount",
        "Service",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Deployment",
        "ValidatingWebhookConfiguration",
    ]
    pod = things["Deployment"]["spec"]["template"]["spec"]
    assert not things["ServiceAccount"]["automountServiceAccountToken"]
    assert not pod["automountServiceAccountToken"]
    assert {key for volume in pod["volumes"] for key in volume} == {"name", "configMap", "secret"}
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert things["NetworkPolicy"]["spec"]["egress"] == []
    assert things["ValidatingWebhookConfiguration"]["webhooks"][0]["failurePolicy"] == "Fail"


@pytest.mark.parametrize("way", WAYS[:3], ids=str)
def test_our_own_rules_find_nothing(way, tmp_path):
    file = tmp_path / "gate.yaml"
    file.write_text(written(*way))
    report = audit(open_project(file, Settings()), Settings(), date(2026, 11, 24))
    assert [each.message for each in report.findings] == []
    assert any(each.rule == "image/runs-as-root" for each in report.outcomes)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--image", "a:1"], "a:1 names no digest"),
        (["--image", IMAGE, "--namespace", "A b"], "'A b' is no name of a namespace"),
    ],
)
def test_an_image_by_tag_and_a_wrong_namespace_have_sentences(capsys, words, said):
    assert run(["admission", "manifests", *words]) == 2
    assert said in capsys.readouterr().err


def test_an_image_by_tag_is_refused():
    with pytest.raises(Exception, match="names no digest"):
        gate_objects.objects(gate_objects.Wish("a:1"))


def says(thing):
    """What the expressions of the policy say to an object, by an implementation of CEL."""
    known = {"object": celpy.json_to_cel(thing)}
    values = {}
    for name, text in (("pod", digest_policy.POD), ("images", digest_policy.IMAGES)):
        values[name] = evaluated(text, {**known, "variables": celpy.json_to_cel(values)})
    return bool(evaluated(digest_policy.BY_DIGEST, {"variables": celpy.json_to_cel(values)}))


def evaluated(text, known):
    world = celpy.Environment()
    return world.program(world.compile(text)).evaluate(known)


GOOD, BAD = {"image": IMAGE}, {"image": "registry.example.org/preflight:1"}


@pytest.mark.parametrize(
    ("pod", "good"),
    [
        ({"containers": [GOOD]}, True),
        ({"containers": [GOOD, BAD]}, False),
        ({"containers": [GOOD], "initContainers": [BAD]}, False),
        ({"containers": [GOOD], "initContainers": [GOOD], "ephemeralContainers": [BAD]}, False),
        ({"containers": [{"image": f"{IMAGE}0"}]}, False),
    ],
)
def test_the_expressions_ask_for_digests(pod, good):
    assert says({"kind": "Pod", "spec": pod}) is good
    assert says({"kind": "Deployment", "spec": {"template": {"spec": pod}}}) is good
