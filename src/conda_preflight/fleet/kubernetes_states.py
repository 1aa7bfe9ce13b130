"""What has become of the job that asks a node, as its own conditions and those of its pods say.

Sources: https://kubernetes.io/docs/concepts/workloads/controllers/job/ and
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/. Whatever is of another kind than
it should be counts as not said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conda_preflight.cluster.fleet_job import MEMORY
from conda_preflight.fleet.answers import DEAD, FAILED, TIMED_OUT
from conda_preflight.plain import value_type

WAITING, DONE = "waiting", "done"
_HOPELESS = frozenset(
    (
        "ImagePullBackOff",
        "ErrImageNeverPull",
        "InvalidImageName",
        "ImageInspectError",
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
    )
)
_MAY_COME_FREE = "Insufficient "
_SHOWN = 300
Thing = Mapping[str, Any]


@value_type
class State:
    """``status`` is WAITING, DONE or one of an answer; ``pod`` is whose log tells more, or empty.

    ``reason`` of one that waits is what it waits for, as far as that is known.
    """

    status: str
    reason: str = ""
    pod: str = ""


def node_trouble(node: Thing) -> tuple[str, str]:
    """The status and reason of a node that cannot be asked; two empty texts for one that can."""
    for each in _rows(node, "status", "conditions"):
        if each.get("type") == "Ready" and each.get("status") != "True":
            is_lost = each.get("status") == "Unknown"
            what = "its kubelet was lost" if is_lost else "it is not ready"
            return (DEAD if is_lost else FAILED), _with_message(what, each)
    return "", ""


def state(job: Thing, pods: Sequence[Thing]) -> State:
    """Where a job stands; ``pods`` are its own, in any order."""
    ordered = sorted(pods, key=lambda pod: text(pod, "metadata", "creationTimestamp"))
    done = [pod for pod in ordered if text(pod, "status", "phase") == "Succeeded"]
    if done:
        return State(DONE, "", text(done[-1], "metadata", "name"))
    ended = _true(job, "Failed")
    if ended is not None:
        return _ended(ended, ordered)
    if _true(job, "Complete") is not None:
        return State(FAILED, "its pod was removed before its log could be read")
    return _of_pod(ordered[-1]) if ordered else State(WAITING, "no pod was made for it yet")


def has_begun_without_pods(job: Thing, pods: Sequence[Thing]) -> bool:
    """Whether the cluster has taken a job up and could make no pod for it."""
    counts = at(job, "status", "active"), at(job, "status", "failed")
    return bool(text(job, "status", "startTime")) and not pods and not any(counts)


def _ended(condition: Thing, pods: Sequence[Thing]) -> State:
    """A job that the cluster has given up, told by its last pod that says why."""
    if condition.get("reason") == "DeadlineExceeded":
        return State(TIMED_OUT)
    told = [_failed(pod) for pod in reversed(pods)]
    return next((each for each in told if each.reason), State(FAILED, _with_message("", condition)))


def _failed(pod: Thing) -> State:
    """Why a pod has failed, with an empty reason for one that does not say."""
    name, word = text(pod, "metadata", "name"), text(pod, "status", "reason")
    if word:
        return State(FAILED, _joined(word, text(pod, "status", "message")))
    disrupted = _true(pod, "DisruptionTarget")
    if disrupted is not None:
        return State(FAILED, _with_message("its pod was taken away", disrupted))
    for container in _rows(pod, "status", "containerStatuses"):
        ended = at(container, "state", "terminated")
        if isinstance(ended, dict):
            return _exited(ended, name)
    return State(FAILED)


def _exited(ended: Thing, pod: str) -> State:
    word, code = str(ended.get("reason", "")), ended.get("exitCode")
    if word == "OOMKilled":
        return State(FAILED, f"it was killed for its memory, of which it may have {MEMORY}")
    if word in ("StartError", "ContainerCannotRun"):
        return State(FAILED, _with_message("its container does not start", ended))
    return State(FAILED, f"it ended with exit code {code}", pod)


def _of_pod(pod: Thing) -> State:
    """A pod that has not ended, or not so that its job knows it."""
    phase = text(pod, "status", "phase")
    if phase == "Failed":
        return State(WAITING, _failed(pod).reason)  # the job decides whether it is tried again
    for container in _rows(pod, "status", "containerStatuses"):
        waits = at(container, "state", "waiting")
        if isinstance(waits, dict):
            told = _joined(str(waits.get("reason", "")), str(waits.get("message", "")))
            return State(FAILED if waits.get("reason") in _HOPELESS else WAITING, told)
    for each in _rows(pod, "status", "conditions"):
        if each.get("type") == "PodScheduled" and each.get("status") == "False":
            return _unplaced(each)
    return State(WAITING, "it has not ended" if phase == "Running" else "its pod has not started")


def _unplaced(condition: Thing) -> State:
    """What is taken may come free; nothing else changes while it is waited for."""
    why = _with_message("no place for its pod", condition)
    is_final = condition.get("reason") == "Unschedulable" and _MAY_COME_FREE not in why
    return State(FAILED if is_final else WAITING, why)


def at(thing: object, *path: str) -> object:
    """What stands at a path of keys; None where something else is there."""
    for key in path:
        thing = thing.get(key) if isinstance(thing, Mapping) else None
    return thing


def text(thing: object, *path: str) -> str:
    """The text at a path of keys; empty for none."""
    found = at(thing, *path)
    return found if isinstance(found, str) else ""


def _rows(thing: object, *path: str) -> list[Thing]:
    found = at(thing, *path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _true(thing: Thing, kind: str) -> Thing | None:
    """The condition of that kind, where it is true."""
    for each in _rows(thing, "status", "conditions"):
        if each.get("type") == kind and each.get("status") == "True":
            return each
    return None


def _with_message(what: str, told: Thing) -> str:
    message = str(told.get("message") or told.get("reason") or "")
    return _joined(what or str(told.get("reason", "")), message)


def _joined(what: str, message: str) -> str:
    short = " ".join(message.split())[:_SHOWN].rstrip(".")
    return f"{what}: {short}" if what and short else what or short
