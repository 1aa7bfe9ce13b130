"""The options of ``fleet --kubernetes``, and what they ask for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from conda_preflight.cli.repeated import repeated
from conda_preflight.config import severity
from conda_preflight.errors import UsageError

if TYPE_CHECKING:
    from conda_preflight.cluster.fleet_job import Question
    from conda_preflight.fleet.collect import Request
    from conda_preflight.fleet.kubernetes_nodes import Where
    from conda_preflight.fleet.outcome import Fleet

_Function = TypeVar("_Function", bound=Callable[..., Any])
_A_DAY, _TEN_MINUTES = 86_400, 600


def options(function: _Function) -> _Function:
    """Add the options; the command gets their values by their names."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_OPTIONS = (
    click.option("--kubernetes", is_flag=True, help="Ask the nodes of a Kubernetes cluster."),
    click.option("--image", metavar="NAME@DIGEST", default="", help="What pods of a cluster run."),
    click.option("--namespace", metavar="N", default="", help="Default: conda-preflight-fleet."),
    click.option("--context", metavar="NAME", default="", help="A context of the kubeconfig."),
    click.option("--kubeconfig", metavar="FILE", default="", help="Default: as kubectl."),
    repeated(
        "--node",
        "nodes",
        metavar="NAME",
        help="Only this node of a cluster; with --here: its name.",
    ),
    click.option("--gpus", type=click.IntRange(1, 1024), help="GPUs for each pod."),
    repeated("--tolerate", metavar="KEY[=VALUE][:EFFECT]|all", help="A taint that pods tolerate."),
    click.option(
        "--host-prefix", metavar="DIR", default="", help="A folder of the nodes, for pods to read."
    ),
    click.option(
        "--runtime-class", metavar="NAME", default="", help="Of the pods, such as nvidia."
    ),
    click.option("--manifests", is_flag=True, help="Write YAML for kubectl, and make nothing."),
    click.option("--as-log", is_flag=True, help="With --here: as lines that a log keeps whole."),
)


def of_this_machine(request: Request, given: Mapping[str, Any]) -> str:
    """The answer of this machine, by the name and in the form that were asked for."""
    from conda_preflight.fleet.collect import answer_json, answer_log

    if len(given["nodes"]) > 1:
        raise UsageError("This machine has one name", "Give --node once.")
    return (answer_log if given["as_log"] else answer_json)(request, "".join(given["nodes"]))


def asked(request: Request, given: Mapping[str, Any]) -> Fleet:
    """The fleet of a cluster; raises UsageError."""
    from conda_preflight.cli.progress import Progress
    from conda_preflight.output import say

    question = _question(request, given, _TEN_MINUTES)
    least = severity(given["fail_on"] or "error", "--fail-on")
    where, ask = _where(given), _nodes().ask
    with Progress() as progress:
        fleet: Fleet = ask(where, question, told=progress.tell, say=say, fail_on=least)
    return fleet


def manifests(request: Request, given: Mapping[str, Any]) -> str:
    """What the cluster needs as YAML, and with an image a job for each node; raises UsageError."""
    from conda_preflight.cluster import fleet_access, written

    space = given["namespace"] or fleet_access.NAME
    things = fleet_access.objects(space, host_path=bool(given["host_prefix"]))
    return written.as_yaml([*things, *(_jobs(request, given) if given["image"] else ())])


def _jobs(request: Request, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A job for each node that is named, else for each that the cluster has."""
    import hashlib

    from conda_preflight.cluster import fleet_job

    question = _question(request, given, _A_DAY)
    run = hashlib.sha256(repr(question).encode()).hexdigest()[:8]
    where = None if given["nodes"] and not given["only"] else _where(given)
    names = _nodes().names(where) if where else map(_name, given["nodes"])
    yield from (fleet_job.job(question, run, name) for name in dict.fromkeys(names))


def _nodes() -> Any:  # noqa: ANN401
    try:
        from conda_preflight.fleet import kubernetes_nodes
    except ImportError:
        hint = "Install it: pip install 'conda-preflight[kubernetes]'."
        raise UsageError("The client of Kubernetes is not installed here", hint) from None
    return kubernetes_nodes


def _where(given: Mapping[str, Any]) -> Where:
    where: Where = _nodes().Where(
        kubeconfig=given["kubeconfig"],
        context=given["context"],
        only=given["only"],
        nodes=tuple(map(_name, given["nodes"])),
    )
    return where


def _name(text: str) -> str:
    """The name of a node, also as ``kubectl get nodes -o name`` writes it."""
    return text.removeprefix("node/")


def _question(request: Request, given: Mapping[str, Any], kept: int) -> Question:
    from conda_preflight.cluster import fleet_access, fleet_job

    if not given["image"]:
        hint = "--image NAME@sha256:... of one that has conda-preflight of this version."
        raise UsageError("Which image is to be run on the nodes?", hint)
    return fleet_job.Question(
        image=given["image"],
        words=tuple(_words(replace(request, prefix=request.prefix or given["host_prefix"]))),
        seconds=math.ceil(given["node_timeout"]),
        kept=kept,
        namespace=given["namespace"] or fleet_access.NAME,
        gpus=given["gpus"] or 0,
        tolerations=given["tolerate"],
        host_path=given["host_prefix"],
        runtime_class=given["runtime_class"],
    )


def _words(request: Request) -> Iterator[str]:
    """What a pod is to run; Kubernetes puts the name of its node in, and nothing else."""
    from conda_preflight.cluster.fleet_job import NODE_NAME, literal
    from conda_preflight.fleet.remote_question import words

    fleet, here, *more = words(replace(request, listing=True, cache=False))
    yield from (fleet, here, "--as-log", f"--node={NODE_NAME}", *map(literal, more))
