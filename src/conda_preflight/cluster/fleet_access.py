"""Who may ask the nodes of a cluster, and as whom the pods run that are asked: the least of each.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/.
"""

from __future__ import annotations

from typing import Any

from conda_preflight.cluster import pod_security as security

NAME = "conda-preflight-fleet"
"""The name of the namespace, where no other is given, and of the account of the pods."""
ASKER = "conda-preflight-asker"
"""The account of who asks, for a CI job or a pod; people are bound to its roles by their own."""

LABELS = {"app.kubernetes.io/name": NAME}
_GROUP = "rbac.authorization.k8s.io"
_MAY_NODES = [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list"]}]
_MAY_JOBS = [
    {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["create", "delete", "get", "list"]},
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
    {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
]


def objects(namespace: str, *, host_path: bool) -> list[dict[str, Any]]:
    """What a cluster needs before it is asked, in the order in which it is made.

    The profile ``restricted`` forbids paths of a node, so ``host_path`` lifts it. Raises
    UsageError.
    """
    security.label(namespace, "namespace")
    inside = {"namespace": namespace}
    return [
        _namespace(namespace, "privileged" if host_path else "restricted"),
        _account(NAME, inside),
        _account(ASKER, inside),
        _role("ClusterRole", {}, _MAY_NODES),
        _role("Role", inside, _MAY_JOBS),
        _binding("ClusterRole", {}, namespace),
        _binding("Role", inside, namespace),
    ]


def _namespace(name: str, profile: str) -> dict[str, Any]:
    labels = {**LABELS, "pod-security.kubernetes.io/enforce": profile}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _account(name: str, inside: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": name, **inside, "labels": LABELS},
        "automountServiceAccountToken": False,
    }


def _role(kind: str, inside: dict[str, str], rules: list[dict[str, Any]]) -> dict[str, Any]:
    about = {"name": ASKER, **inside, "labels": LABELS}
    return {"apiVersion": f"{_GROUP}/v1", "kind": kind, "metadata": about, "rules": rules}


def _binding(kind: str, inside: dict[str, str], namespace: str) -> dict[str, Any]:
    return {
        "apiVersion": f"{_GROUP}/v1",
        "kind": f"{kind}Binding",
        "metadata": {"name": ASKER, **inside, "labels": LABELS},
        "roleRef": {"apiGroup": _GROUP, "kind": kind, "name": ASKER},
        "subjects": [{"kind": "ServiceAccount", "name": ASKER, "namespace": namespace}],
    }
