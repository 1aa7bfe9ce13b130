"""Asks every node of a Kubernetes cluster: a Job for each, all at once, read by its log.

Kubernetes places the pods, starts them again, ends them at their time and removes what is left
behind.
"""

from __future__ import annotations

import secrets
from typing import Any

from conda_preflight.cluster import fleet_job
from conda_preflight.cluster.fleet_access import LABELS
from conda_preflight.errors import UsageError
from conda_preflight.fleet.kubernetes_api import Cluster
from conda_preflight.fleet.kubernetes_run import Run, Say, Told
from conda_preflight.fleet.kubernetes_session import connected
from conda_preflight.fleet.kubernetes_states import text
from conda_preflight.fleet.outcome import Fleet, compared, with_files
from conda_preflight.grammar.url import redact
from conda_preflight.plain import document_type
from conda_preflight.report import Severity

_ALL = ",".join(f"{key}={value}" for key, value in LABELS.items())


@document_type
class Where:
    """Which cluster and which of its nodes: empty for the usual one, and for all of them."""

    kubeconfig: str = ""
    context: str = ""
    only: str = ""
    nodes: tuple[str, ...] = ()


def ask(
    where: Where, question: fleet_job.Question, *, told: Told, say: Say, fail_on: Severity
) -> Fleet:
    """The fleet of the nodes that are meant; ``say`` gets what goes wrong after the answers.

    Raises UsageError where the cluster does not let it be asked.
    """
    with connected(where.kubeconfig, where.context) as cluster:
        nodes = _meant(cluster, where)
        run = secrets.token_hex(4)
        notes = _left(cluster, question.namespace)
        asking = Run(cluster, question, run, say)
        with asking.cleaned():
            asking.begin(nodes, told)
            answers = asking.answers(told)
            name = f"Kubernetes at {redact(cluster.host)}"
            fleet = compared(name, answers, fail_on=fail_on, notes=notes)
            return with_files(fleet, asking.listing)


def names(where: Where) -> list[str]:
    """The nodes that are meant, by name; raises UsageError."""
    with connected(where.kubeconfig, where.context) as cluster:
        return [text(node, "metadata", "name") for node in _meant(cluster, where)]


def _meant(cluster: Cluster, where: Where) -> list[dict[str, Any]]:
    """The nodes that are meant; raises UsageError for none, and for a name that none has."""
    found = {text(node, "metadata", "name"): node for node in cluster.nodes(where.only)}
    unknown = [name for name in where.nodes if name not in found]
    if unknown:
        among = f" with {where.only}" if where.only else ""
        raise UsageError(f"There is no node {unknown[0]}{among}", "See: kubectl get nodes.")
    if not found:
        what = f"No node has {where.only}" if where.only else "The cluster has no node"
        raise UsageError(what, "See: kubectl get nodes --show-labels.")
    return [found[name] for name in where.nodes or sorted(found)]


def _left(cluster: Cluster, namespace: str) -> tuple[str, ...]:
    """A sentence about jobs of other runs, which may still be under way."""
    runs = {text(j, "metadata", "labels", fleet_job.RUN) for j in cluster.jobs(namespace, _ALL)}
    if not runs:
        return ()
    chosen = " ".join(sorted(runs)[:3])
    hint = f"kubectl delete jobs -n {namespace} -l {fleet_job.RUN}=RUN removes them"
    return (f"Jobs of other runs are there, by the name of {chosen}; {hint}.",)
