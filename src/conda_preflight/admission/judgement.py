"""Whether an object may be: its images need accepted verdicts for wherever they may run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from conda_preflight.admission import pods
from conda_preflight.admission.configuration import Configuration
from conda_preflight.admission.placement import placement, possible
from conda_preflight.admission.pods import Used
from conda_preflight.admission.review import Decision, Question
from conda_preflight.attesting.acceptance import Answer, Policy, judge
from conda_preflight.errors import PreflightError, ReadError, UsageError
from conda_preflight.registry.reference import Reference, read_reference

Find = Callable[[Reference], Iterable[bytes]]
"""The envelopes about an image whose digest is named."""

_BY_TAG = (
    "{} runs {}, which is named by a tag and may be another image tomorrow: "
    "name its digest, as NAME@sha256:DIGEST"
)


def decide(asked: Question, wanted: Configuration, find: Find, now: datetime) -> Decision:
    """Yes or no to a question; whatever cannot be told is a no."""
    if asked.namespace in wanted.exempt_namespaces:
        return Decision(allowed=True, notes={"exempt": f"namespace {asked.namespace}"})
    if asked.operation not in ("CREATE", "UPDATE"):
        return Decision(allowed=True)
    try:
        return _decided(asked, wanted, find, now)
    except ReadError as error:
        return Decision(allowed=False, reasons=(f"{error.message}.",))


def warned(decision: Decision) -> Decision:
    """The same, where refusals are only told."""
    if decision.allowed:
        return decision
    notes = {**(decision.notes or {}), "would-refuse": " ".join(decision.reasons)}
    told = tuple(f"Would be refused: {reason}" for reason in decision.reasons)
    return replace(decision, allowed=True, reasons=(), warnings=told, notes=notes)


def _decided(asked: Question, wanted: Configuration, find: Find, now: datetime) -> Decision:
    pod = pods.pod_of(asked.thing)
    if pod is None:
        kind = str(asked.thing.get("kind"))
        warning = f"{kind} is no kind whose pods are known: its pods are judged when they are made"
        return Decision(allowed=True, warnings=(warning,))
    todo = _new(asked, pod)
    targets = _targets(pod, wanted)
    policy = replace(wanted.policy, targets=targets)
    told = {used: _judged(used, wanted, policy, find, now) for used in todo}
    reasons = tuple(dict.fromkeys(reason for reason, _ in told.values() if reason))
    accepted = [note for reason, note in told.values() if not reason]
    notes = {"accepted": "; ".join(accepted)} if accepted else {}
    return Decision(allowed=not reasons, reasons=reasons, notes=notes)


def _new(asked: Question, pod: Mapping[str, Any]) -> Iterable[Used]:
    """The images that an update brings; all of them, where it moves the pod elsewhere.

    What runs already must stay free to be labelled, scaled and ended when its verdict is old.
    """
    found = dict.fromkeys(pods.images(pod))
    before = pods.pod_of(asked.old) if asked.operation == "UPDATE" and asked.old else None
    if before is None or placement(before) != placement(pod):
        return found
    known = set(pods.images(before))
    return [used for used in found if used not in known]


def _targets(pod: Mapping[str, Any], wanted: Configuration) -> tuple[str, ...]:
    fitting = possible(pod, wanted.pools)
    if wanted.pools and not fitting:
        raise ReadError("The pod asks for labels of nodes that no pool of the settings has")
    names = [*wanted.policy.targets, *(t for pool in fitting for t in pool.targets)]
    return tuple(dict.fromkeys(names))


def _judged(
    used: Used, wanted: Configuration, policy: Policy, find: Find, now: datetime
) -> tuple[str, str]:
    """The reason against an image, or nothing and a note of why it is accepted."""
    if not used.image:
        return f"{used.user} names no image.", ""
    try:
        image = read_reference(used.image)
    except UsageError:
        return f"{used.user} runs {used.image[:200]!r}, which is no name of an image.", ""
    if _is_exempt(image, wanted.exempt_images):
        return "", f"{image.text}: exempt"
    if not image.digest:
        return f"{_BY_TAG.format(used.user, image.text)}.", ""
    try:
        answers = list(_answers(image, wanted, policy, find, now))
    except PreflightError as error:
        return f"{used.user} runs {image.text}, of which nothing can be told: {error.message}.", ""
    good = next((each for each in answers if not each.reason), None)
    if good:
        return "", f"{image.text}: signed by {', '.join(good.signers)}"
    why = dict.fromkeys(each.reason for each in answers)
    told = "; ".join(why) or "There is no signed verdict about it"
    return f"{used.user} runs {image.text}, which is not accepted: {told}.", ""


def _answers(
    image: Reference, wanted: Configuration, policy: Policy, find: Find, now: datetime
) -> Iterator[Answer]:
    asked = replace(policy, image=image.digest.removeprefix("sha256:"))
    for data in find(image):
        answer = judge(data, wanted.keys, asked, now)
        yield answer
        if not answer.reason:
            return


def _is_exempt(image: Reference, patterns: Iterable[str]) -> bool:
    from fnmatch import fnmatchcase

    name = f"{image.host}/{image.name}"
    return any(fnmatchcase(name, pattern) for pattern in patterns)
