"""What the gate of ``admission`` needs in a cluster, each object with the least that works."""

from __future__ import annotations

import base64
from typing import Any

from conda_preflight.cluster import pod_security as security
from conda_preflight.cluster.digest_policy import without_server
from conda_preflight.plain import value_type

NAME = "conda-preflight-admission"
MARK = "conda-preflight/admission"
"""The label of a namespace whose pods the gate is asked about: ``enforce``."""

PORT = 8443
_LABELS = {"app.kubernetes.io/name": NAME}
_REPLICAS = 2
_SECONDS = 10
_RULES = (
    ("", ["v1"], ["pods", "pods/ephemeralcontainers", "replicationcontrollers", "podtemplates"]),
    ("apps", ["v1"], ["deployments", "replicasets", "statefulsets", "daemonsets"]),
    ("batch", ["v1"], ["jobs", "cronjobs"]),
)


@value_type
class Wish:
    """What is asked for: the image of this program by digest, ``ca`` in PEM form or empty."""

    image: str
    namespace: str = "conda-preflight"
    ca: bytes = b""
    warn_only: bool = False
    registry: bool = False
    without_server: bool = False


def objects(wish: Wish) -> list[dict[str, Any]]:
    """The objects in the order in which they are made; raises UsageError."""
    if wish.without_server:
        return without_server(MARK, warn_only=wish.warn_only)
    security.pinned(wish.image)
    security.label(wish.namespace, "namespace")
    made = [_namespace, _account, _service, _network, _budget, _deployment, _webhook]
    return [make(wish) for make in made]


def _about(wish: Wish) -> dict[str, Any]:
    return {"name": NAME, "namespace": wish.namespace, "labels": _LABELS}


def _namespace(wish: Wish) -> dict[str, Any]:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    about = {"name": wish.namespace, "labels": labels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": about}


def _account(wish: Wish) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": _about(wish),
        "automountServiceAccountToken": False,
    }


def _service(wish: Wish) -> dict[str, Any]:
    ports = [{"name": "https", "port": 443, "targetPort": PORT, "protocol": "TCP"}]
    spec = {"selector": _LABELS, "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "metadata": _about(wish), "spec": spec}


def _network(wish: Wish) -> dict[str, Any]:
    """In on the one port, out nowhere, or to name servers and registries."""
    out: list[dict[str, Any]] = []
    if wish.registry:
        out = [
            {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]},
            {"ports": [{"port": 443, "protocol": "TCP"}]},
        ]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": _about(wish),
        "spec": {
            "podSelector": {"matchLabels": _LABELS},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"ports": [{"port": PORT, "protocol": "TCP"}]}],
            "egress": out,
        },
    }


def _budget(wish: Wish) -> dict[str, Any]:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": _about(wish),
        "spec": {"minAvailable": 1, "selector": {"matchLabels": _LABELS}},
    }


def _deployment(wish: Wish) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _about(wish),
        "spec": {
            "replicas": _REPLICAS,
            "selector": {"matchLabels": _LABELS},
            "template": {"metadata": {"labels": _LABELS}, "spec": _pod(wish)},
        },
    }


def _pod(wish: Wish) -> dict[str, Any]:
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": _LABELS},
    }
    return {
        "serviceAccountName": NAME,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": security.pod_security(),
        "topologySpreadConstraints": [spread],
        "containers": [_container(wish)],
        "volumes": [
            {"name": "settings", "configMap": {"name": f"{NAME}-settings"}},
            {
                "name": "envelopes",
                "configMap": {"name": f"{NAME}-envelopes", "optional": True},
            },
            {"name": "tls", "secret": {"secretName": f"{NAME}-tls"}},
        ],
    }


def _container(wish: Wish) -> dict[str, Any]:
    words = ["admission", "serve", "--config", "/etc/conda-preflight/admission.toml"]
    words += ["--cert", "/etc/tls/tls.crt", "--key", "/etc/tls/tls.key"]
    words += ["--bind", f"0.0.0.0:{PORT}", *(["--warn-only"] if wish.warn_only else [])]
    probe = {"httpGet": {"path": "/healthz", "port": PORT, "scheme": "HTTPS"}}
    return {
        "name": "gate",
        "image": wish.image,
        "command": ["conda-preflight"],
        "args": words,
        "ports": [{"containerPort": PORT, "protocol": "TCP"}],
        "readinessProbe": probe,
        "livenessProbe": {**probe, "initialDelaySeconds": 10},
        "resources": security.resources("50m", "128Mi", "512Mi"),
        "securityContext": security.container_security(),
        "volumeMounts": [
            {"name": "settings", "mountPath": "/etc/conda-preflight", "readOnly": True},
            {"name": "envelopes", "mountPath": "/etc/envelopes", "readOnly": True},
            {"name": "tls", "mountPath": "/etc/tls", "readOnly": True},
        ],
    }


def _webhook(wish: Wish) -> dict[str, Any]:
    """A gate that does not answer is a closed one, but where refusals are only warnings."""
    service = {"name": NAME, "namespace": wish.namespace, "path": "/validate", "port": 443}
    client: dict[str, Any] = {"service": service}
    if wish.ca:
        client["caBundle"] = base64.b64encode(wish.ca).decode("ascii")
    hook = {
        "name": "images.admission.conda-preflight",
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "failurePolicy": "Ignore" if wish.warn_only else "Fail",
        "matchPolicy": "Equivalent",
        "timeoutSeconds": _SECONDS,
        "namespaceSelector": {"matchLabels": {MARK: "enforce"}},
        "clientConfig": client,
        "rules": [_rule(*row) for row in _RULES],
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": NAME, "labels": _LABELS},
        "webhooks": [hook],
    }


def _rule(group: str, versions: list[str], resources: list[str]) -> dict[str, Any]:
    return {
        "apiGroups": [group],
        "apiVersions": versions,
        "operations": ["CREATE", "UPDATE"],
        "resources": resources,
        "scope": "Namespaced",
    }
