"""Asks every node of a Ray cluster: one task pinned to each, all at once.

Ray starts the tasks, starts them again after a crash and tells which nodes have died. A task takes
no processor and no GPU of the cluster's count, so that busy nodes answer too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conda_preflight.errors import ReadError, UsageError
from conda_preflight.fleet.answers import (
    DEAD,
    FAILED,
    TIMED_OUT,
    Clock,
    Listing,
    NodeAnswer,
    read,
    read_listing,
)
from conda_preflight.fleet.clocks import with_clock
from conda_preflight.fleet.collect import Request, request_json
from conda_preflight.fleet.on_node import answered, clock
from conda_preflight.fleet.outcome import Fleet, compared, with_files
from conda_preflight.fleet.ray_session import connected
from conda_preflight.plain import document_type
from conda_preflight.report import Severity

Told = Callable[[str, int, int], None]
_EXPECTED = ("EXPECTED_TERMINATION", "AUTOSCALER_DRAIN_IDLE", "1", "4")
_RETRIES = 2
_PINGS = 5
_PING_SECONDS = 10.0
_STEP = "Asking nodes"


@document_type
class _Node:
    id: str
    name: str


@document_type
class _Cluster:
    """A connection, and what is asked over it."""

    ray: Any
    nodes: tuple[_Node, ...]
    seconds: float

    def task(self, function: Callable[..., Any], node: _Node, returns: int = 1) -> Any:  # noqa: ANN401
        """A function as a task that runs on this node or nowhere."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        pinned = NodeAffinitySchedulingStrategy(node.id, soft=False)
        return self.ray.remote(function).options(
            num_cpus=0, num_returns=returns, max_retries=_RETRIES, scheduling_strategy=pinned
        )


def ask(
    address: str,
    request: Request,
    *,
    seconds: float,
    told: Told,
    only: str = "",
    runtime_env: str = "",
    fail_on: Severity = Severity.ERROR,
) -> Fleet:
    """The fleet at that address; ``only`` names a resource, or a label with its value.

    ``seconds`` bound the answer of each node. Raises UsageError where there is no such cluster.
    """
    with connected(address, runtime_env) as ray:
        everything = ray.nodes()
        alive = [each for each in everything if each["Alive"] and _is_meant(each, only)]
        if not alive:
            raise UsageError(f"No node of {address} has {only}" if only else "There is no node")
        dead, notes = _dead(everything, only)
        cluster = _Cluster(ray, tuple(_named(alive)), seconds)
        answers, listings = _ask_all(cluster, request, told)
        known = ray.get_runtime_context().gcs_address if address == "auto" else address
        fleet = compared(f"Ray at {known}", [*answers, *dead], fail_on=fail_on, notes=notes)
        return with_files(fleet, lambda node: _listing(cluster, listings.get(node)))


def _is_meant(node: Mapping[str, Any], only: str) -> bool:
    key, found, value = only.partition("=")
    if found:
        return str((node.get("Labels") or {}).get(key)) == value
    return not only or only in (node.get("Resources") or {})


def _named(nodes: Sequence[Mapping[str, Any]]) -> Iterator[_Node]:
    """Each by the name it was given, else its host's, with its address where that is not one."""
    names = [_name(node) for node in nodes]
    for node, name in zip(nodes, names, strict=True):
        more = f" {node['NodeID'][:8]}" if names.count(name) > 1 else ""
        yield _Node(node["NodeID"], f"{name}{more}")


def _name(node: Mapping[str, Any]) -> str:
    given, address = node.get("NodeName") or "", node.get("NodeManagerAddress") or ""
    return str(given if given and given != address else node.get("NodeManagerHostname") or address)


def _dead(
    nodes: Sequence[Mapping[str, Any]], only: str
) -> tuple[list[NodeAnswer], tuple[str, ...]]:
    """Nodes that died, without those that were taken away on purpose or are back by their name."""
    alive = {_name(node) for node in nodes if node["Alive"]}
    gone = [n for n in nodes if not n["Alive"] and _name(n) not in alive and _is_meant(n, only)]
    lost = [node for node in gone if not _was_meant_to_go(node)]
    why = "Ray lost it before it could be asked"
    answers = [NodeAnswer(node.name, DEAD, why) for node in _named(lost)]
    taken = sorted(_name(node) for node in gone if _was_meant_to_go(node))
    notes = [f"Taken away from the cluster, so not asked: {', '.join(taken)}."] if taken else []
    return answers, tuple(notes)


def _was_meant_to_go(node: Mapping[str, Any]) -> bool:
    return str(node.get("DeathReason", "")) in _EXPECTED


def _ask_all(
    cluster: _Cluster, request: Request, told: Told
) -> tuple[list[NodeAnswer], dict[str, Any]]:
    """The answers, and where Ray holds the list of files of each node that answered."""
    begun = time.monotonic()
    wanted = request_json(replace(request, listing=True))
    waiting: dict[Any, tuple[_Node, Any]] = {}
    for node in cluster.nodes:
        first, listing = cluster.task(answered, node, 2).remote(wanted, cluster.seconds)
        waiting[first] = (node, listing)
    total, answers, listings = len(waiting), [], {}
    while waiting:
        left = cluster.seconds - (time.monotonic() - begun)
        told(_STEP, total - len(waiting), total)
        done, _ = cluster.ray.wait(list(waiting), timeout=max(min(left, 1.0), 0.0))
        for reference in done:
            node, listing = waiting.pop(reference)
            answers.append(_answer(cluster, node, reference, time.monotonic() - begun))
            listings[node.name] = listing
        if left <= 0 and not done:
            answers += [_late(cluster, *entry) for entry in waiting.items()]
            break
    return answers, listings


def _late(cluster: _Cluster, reference: Any, entry: tuple[_Node, Any]) -> NodeAnswer:  # noqa: ANN401
    cluster.ray.cancel(reference, force=True)
    node = entry[0]
    why = f"no answer in {cluster.seconds:g} seconds"
    return NodeAnswer(node.name, TIMED_OUT, why, seconds=cluster.seconds)


def _answer(cluster: _Cluster, node: _Node, reference: Any, seconds: float) -> NodeAnswer:  # noqa: ANN401
    try:
        text = cluster.ray.get(reference)
    except Exception as error:  # noqa: BLE001  (whatever went wrong there, the others are told)
        return _failed(cluster, node, error, seconds)
    answer = read(node.name, text, seconds=seconds)
    if not answer.is_reached:
        return answer
    return with_clock(answer, _clock(cluster, node))


def _failed(cluster: _Cluster, node: _Node, error: Exception, seconds: float) -> NodeAnswer:
    """Why a node has no answer, in words."""
    cause = getattr(error, "cause", None) or error
    alive = {each["NodeID"] for each in cluster.ray.nodes() if each["Alive"]}
    if node.id not in alive:
        return NodeAnswer(node.name, DEAD, "Ray lost it while it was asked", seconds=seconds)
    if isinstance(cause, TimeoutError):
        why = f"no answer in {cluster.seconds:g} seconds"
        return NodeAnswer(node.name, TIMED_OUT, why, seconds=seconds)
    if "No module named 'conda_preflight" in str(error):
        why = "conda-preflight is not installed in the Python that Ray runs there"
        return NodeAnswer(node.name, FAILED, why, seconds=seconds)
    first = str(cause).strip().split("\n", 1)[0][:300]
    return NodeAnswer(node.name, FAILED, f"{type(cause).__name__}: {first}", seconds=seconds)


def _clock(cluster: _Cluster, node: _Node) -> Clock | None:
    """How far its clock is from the one here, from the shortest of some round trips."""
    best: Clock | None = None
    ping = cluster.task(clock, node)
    for _ in range(_PINGS):
        before = time.time()
        try:
            there = cluster.ray.get(ping.remote(), timeout=_PING_SECONDS)
        except Exception:  # noqa: BLE001  (a node that went away after its answer)
            return best
        bound = (time.time() - before) / 2
        if best is None or bound < best.bound:
            best = Clock(there - before - bound, bound)
    return best


def _listing(cluster: _Cluster, reference: Any) -> Listing | None:  # noqa: ANN401
    import json

    try:
        return read_listing(json.loads(cluster.ray.get(reference, timeout=cluster.seconds)))
    except (ReadError, ValueError):
        return None
    except Exception:  # noqa: BLE001  (Ray holds it on the node, which may have died since)
        return None
