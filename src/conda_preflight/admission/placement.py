"""On which pools of nodes a pod may come to run, by the labels that it asks for.

A pod is taken to fit wherever nothing that it says speaks against it: a label of a pool that is not
known, a node that is named, an operator that is new all leave the pool possible.
Source: the API reference of Kubernetes (PodSpec, NodeAffinity, NodeSelectorTerm).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conda_preflight.admission.pods import rows
from conda_preflight.plain import value_type


@value_type
class Pool:
    """Nodes that are alike: their labels, and the targets for which an image must be a GO there."""

    name: str
    labels: tuple[tuple[str, str], ...]
    targets: tuple[str, ...]


def possible(pod: Mapping[str, Any], pools: Iterable[Pool]) -> tuple[Pool, ...]:
    """The pools on which a pod may run; raises ReadError where its placement is broken."""
    return tuple(pool for pool in pools if _fits(pod, dict(pool.labels)))


def placement(pod: Mapping[str, Any]) -> tuple[object, ...]:
    """All of a pod that decides about its pool, to see whether an update changes it."""
    return pod.get("nodeSelector"), pod.get("affinity"), pod.get("nodeName")


def _fits(pod: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    asked = pod.get("nodeSelector")
    if isinstance(asked, dict) and any(labels.get(k, v) != v for k, v in asked.items()):
        return False
    terms = _terms(pod)
    return not terms or any(_term_fits(term, labels) for term in terms)


def _terms(pod: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The terms of which one must be true."""
    here: object = pod
    keys = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    for key in keys:
        here = here.get(key) if isinstance(here, dict) else None
    return rows(here, "nodeSelectorTerms") if isinstance(here, dict) else []


def _term_fits(term: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    return all(_expression_fits(each, labels) for each in rows(term, "matchExpressions"))


def _expression_fits(asked: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    found, values = labels.get(str(asked.get("key"))), asked.get("values")
    if found is None or not isinstance(values, list | None):
        return True
    operator, among = asked.get("operator"), found in (values or ())
    return not (
        (operator == "In" and not among)
        or (operator == "NotIn" and among)
        or operator == "DoesNotExist"
    )
