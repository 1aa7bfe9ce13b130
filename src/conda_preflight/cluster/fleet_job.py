"""The Job that asks one node: one pod that may run nowhere else, and may do nothing there.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/.
"""

from __future__ import annotations

import hashlib
from typing import Any

from conda_preflight.cluster import pod_security as security
from conda_preflight.cluster.fleet_access import LABELS, NAME
from conda_preflight.errors import UsageError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

RUN, JOB = "conda-preflight/run", "conda-preflight/job"
"""Labels of a job and its pods: in which run they were made, and the name of the job."""
NODE = "conda-preflight/node"
"""The annotation that names the node, which is longer than a label may be."""
CONTAINER, MEMORY = "ask", "1Gi"
NODE_NAME = "$(NODE_NAME)"
"""What Kubernetes replaces in a word by the name of the node."""

_TMP = "/tmp"  # noqa: S108  (of the pod alone)
_RETRIES = 2
_WRONG_USE = 2
_GPU = "nvidia.com/gpu"
_NODE = lazy_pattern(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_PATH = lazy_pattern(r"/[^:\x00-\x1f\x7f]+")
_TOLERATION = lazy_pattern(
    r"([A-Za-z0-9][-A-Za-z0-9_./]{0,316})(?:=([-A-Za-z0-9_.]{0,63}))?"
    r"(?::(NoSchedule|PreferNoSchedule|NoExecute))?"
)
_EVERY = "all"


@value_type
class Question:
    """What the pods are made of.

    ``words`` are those after ``conda-preflight``; ``seconds`` bound a job with its retries, and
    ``kept`` is how many seconds one stays after its end. ``gpus`` is 0 for none, ``tolerations``
    are as ``kubectl taint`` writes taints, ``host_path`` a folder of the node or empty.
    """

    image: str
    words: tuple[str, ...]
    seconds: int
    kept: int
    namespace: str = NAME
    gpus: int = 0
    tolerations: tuple[str, ...] = ()
    host_path: str = ""
    runtime_class: str = ""


def name(run: str, node: str) -> str:
    """The name of the job that asks a node in a run: at most 63 letters, the same each time."""
    return f"preflight-{run}-{hashlib.sha256(node.encode()).hexdigest()[:16]}"


def literal(word: str) -> str:
    """A word in which Kubernetes replaces nothing."""
    return word.replace("$", "$$")


def job(question: Question, run: str, node: str) -> dict[str, Any]:
    """The Job for one node; raises UsageError for what no cluster would take."""
    if not _NODE.fullmatch(node):
        raise UsageError(f"{node[:100]!r} is no name of a node", "See: kubectl get nodes.")
    own = name(run, node)
    labels = {**LABELS, RUN: run, JOB: own}
    about = {"labels": labels, "annotations": {NODE: node}}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": own,
            "namespace": security.label(question.namespace, "namespace"),
            **about,
        },
        "spec": {
            "backoffLimit": _RETRIES,
            "activeDeadlineSeconds": question.seconds,
            "ttlSecondsAfterFinished": question.kept,
            "podFailurePolicy": {"rules": [_wrong_use()]},
            "template": {"metadata": about, "spec": _pod(question, node)},
        },
    }


def _wrong_use() -> dict[str, Any]:
    """A command line that is not understood is not tried again."""
    codes = {"containerName": CONTAINER, "operator": "In", "values": [_WRONG_USE]}
    return {"action": "FailJob", "onExitCodes": codes}


def _pod(question: Question, node: str) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 1,
        "serviceAccountName": NAME,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": security.pod_security(),
        "affinity": {"nodeAffinity": _only(node)},
        "tolerations": [toleration(text) for text in question.tolerations],
        "containers": [_container(question)],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}}],
    }
    if question.host_path:
        there = {"path": path(question.host_path), "type": "Directory"}
        spec["volumes"].append({"name": "host", "hostPath": there})
    if question.runtime_class:
        spec["runtimeClassName"] = security.label(question.runtime_class, "runtime class")
    return spec


def _only(node: str) -> dict[str, Any]:
    """The scheduler still judges, which ``nodeName`` would pass by."""
    field = {"key": "metadata.name", "operator": "In", "values": [node]}
    terms = {"nodeSelectorTerms": [{"matchFields": [field]}]}
    return {"requiredDuringSchedulingIgnoredDuringExecution": terms}


def _container(question: Question) -> dict[str, Any]:
    mounts: list[dict[str, Any]] = [{"name": "tmp", "mountPath": _TMP}]
    if question.host_path:
        mounts.append({"name": "host", "mountPath": question.host_path, "readOnly": True})
    own = {"fieldRef": {"fieldPath": "spec.nodeName"}}
    asked = security.resources("50m", "128Mi", MEMORY)
    if question.gpus:
        asked["limits"][_GPU] = str(question.gpus)
    return {
        "name": CONTAINER,
        "image": security.pinned(question.image),
        "command": ["conda-preflight"],
        "args": list(question.words),
        "env": [
            {"name": "NODE_NAME", "valueFrom": own},
            {"name": "CONDA_PREFLIGHT_CACHE", "value": _TMP},
        ],
        "resources": asked,
        "securityContext": security.container_security(),
        "volumeMounts": mounts,
    }


def path(text: str) -> str:
    """A folder of a node that may be mounted; raises UsageError."""
    if not _PATH.fullmatch(text) or ".." in text.split("/") or not text.strip("/"):
        hint = "An absolute path of an environment on the nodes, such as /opt/envs/llm."
        raise UsageError(f"{text[:200]!r} cannot be mounted", hint)
    return text


def toleration(text: str) -> dict[str, str]:
    """``KEY``, ``KEY=VALUE``, either with ``:EFFECT``, or ``all``; raises UsageError."""
    if text == _EVERY:
        return {"operator": "Exists"}
    found = _TOLERATION.fullmatch(text)
    if not found:
        hint = "KEY[=VALUE][:EFFECT] as kubectl taint writes it, or all."
        raise UsageError(f"{text[:100]!r} is no taint", hint)
    key, value, effect = found.groups()
    told = {"key": key, "operator": "Exists" if value is None else "Equal"}
    return told | ({"value": value} if value else {}) | ({"effect": effect} if effect else {})
