"""What an API server of 1.30 or newer can check by itself: images are named by their digests.

Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/.
"""

from __future__ import annotations

from typing import Any

NAME = "conda-preflight-digests"
POD = "object.kind == 'Pod' ? object.spec : object.spec.template.spec"
IMAGES = (
    "variables.pod.containers.map(c, c.image)"
    " + (has(variables.pod.initContainers) ? variables.pod.initContainers.map(c, c.image) : [])"
    " + (has(variables.pod.ephemeralContainers)"
    " ? variables.pod.ephemeralContainers.map(c, c.image) : [])"
)
BY_DIGEST = "variables.images.all(i, i.matches('^[^@]+@sha256:[0-9a-f]{64}$'))"
SAID = "An image is named by its tag and may be another one tomorrow: NAME@sha256:... is asked for."
_RULES = (
    ("", ["pods", "pods/ephemeralcontainers"]),
    ("apps", ["deployments", "replicasets", "statefulsets", "daemonsets"]),
    ("batch", ["jobs"]),
)


def without_server(mark: str, *, warn_only: bool) -> list[dict[str, Any]]:
    """The policy, and its binding to namespaces whose label ``mark`` says ``enforce``."""
    version = "admissionregistration.k8s.io/v1"
    return [
        {
            "apiVersion": version,
            "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": NAME},
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": {"resourceRules": [_rule(*row) for row in _RULES]},
                "matchConditions": [
                    {"name": "stays", "expression": "!has(object.metadata.deletionTimestamp)"}
                ],
                "variables": [
                    {"name": "pod", "expression": POD},
                    {"name": "images", "expression": IMAGES},
                ],
                "validations": [
                    {"expression": BY_DIGEST, "message": SAID, "reason": "Forbidden"},
                ],
            },
        },
        {
            "apiVersion": version,
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": NAME},
            "spec": {
                "policyName": NAME,
                "validationActions": ["Warn", "Audit"] if warn_only else ["Deny"],
                "matchResources": {"namespaceSelector": {"matchLabels": {mark: "enforce"}}},
            },
        },
    ]


def _rule(group: str, resources: list[str]) -> dict[str, Any]:
    return {
        "apiGroups": [group],
        "apiVersions": ["v1"],
        "operations": ["CREATE", "UPDATE"],
        "resources": resources,
    }
