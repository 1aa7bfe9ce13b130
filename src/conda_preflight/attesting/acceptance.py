"""When a signed verdict is accepted: by whom, for what, how old, and what was checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from conda_preflight.attesting import envelope, statement
from conda_preflight.attesting.age import told
from conda_preflight.attesting.envelope import Envelope, signed_bytes
from conda_preflight.attesting.statement import Statement
from conda_preflight.coverage import families_run
from conda_preflight.errors import ReadError
from conda_preflight.plain import document_type, value_type
from conda_preflight.report import Report, Verdict

SKEW = timedelta(minutes=5)
"""How far the clock of the machine that signed may be ahead of ours."""


class Key(Protocol):
    """A public key that somebody trusts."""

    @property
    def keyid(self) -> str:
        """What the key is called in envelopes."""

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature of these bytes was made with the key's other half."""


@value_type
class Policy:
    """What is asked of a verdict.

    ``lock``, ``image`` and ``digest`` are SHA-256 digests of which each that is not empty must be
    a subject; ``require`` are families that must have run, ``targets`` those that must be a GO.
    """

    lock: str = ""
    image: str = ""
    digest: str = ""
    threshold: int = 1
    max_age: timedelta = timedelta(days=30)
    require: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


@document_type
class Answer:
    """The reason of a refusal, empty where it is accepted; the keys that signed, by id.

    ``statement`` is None where no trusted key signed it, or it is none.
    """

    reason: str
    signers: tuple[str, ...] = ()
    statement: Statement | None = None


def judge(data: bytes, keys: Sequence[Key], policy: Policy, now: datetime) -> Answer:
    """What to say to an envelope; nothing in its payload is looked at before the signatures."""
    try:
        found = envelope.read(data)
    except ReadError as error:
        return Answer(error.message)
    signers = _signers(found, keys)
    if len(signers) < policy.threshold:
        return Answer(_unsigned(found, keys, signers, policy.threshold), signers)
    return replace(judge_payload(found.payload, policy, now), signers=signers)


def judge_payload(payload: bytes, policy: Policy, now: datetime) -> Answer:
    """What to say to a statement whose signature is known to be good."""
    try:
        said = statement.read(payload)
    except ReadError as error:
        return Answer(error.message)
    return Answer(next(_reasons(said, policy, now), ""), statement=said)


def _signers(found: Envelope, keys: Sequence[Key]) -> tuple[str, ...]:
    """The keys of which a signature is there, each once however often it is named."""
    message = signed_bytes(found.payload, found.payload_type)
    return tuple(
        keyid
        for keyid, key in {key.keyid: key for key in keys}.items()
        if any(key.verifies(each.value, message) for each in found.signatures)
    )


def _unsigned(found: Envelope, keys: Sequence[Key], signers: Sequence[str], threshold: int) -> str:
    if signers:
        return f"{len(signers)} of the trusted keys signed it, and {threshold} must"
    if {each.keyid for each in found.signatures} & {key.keyid for key in keys}:
        return "It was changed after it was signed: the signature does not fit"
    return "No trusted key signed it"


def _reasons(said: Statement, policy: Policy, now: datetime) -> Iterator[str]:
    yield from _other_things(said, policy)
    yield from _wrong_times(said, policy, now)
    verdict = said.report.verdict
    if verdict is not Verdict.GO:
        yield f"The verdict is {'NO-GO' if verdict is Verdict.NO_GO else 'UNKNOWN'}"
    yield from _contradictions(said.report)
    ran = families_run(said.report.outcomes)
    for family in policy.require:
        if family not in ran:
            yield f"Nothing of the family {family} was checked"
    for name in policy.targets:
        called = name.rpartition("/")[2] if name.startswith("/") else name
        verdicts = {t.verdict for t in said.report.targets if called in _names(t.name)}
        if verdicts != {Verdict.GO}:
            yield f"It is no GO for {name}" if verdicts else f"The target {name} was not judged"


def _names(target: str) -> tuple[str, ...]:
    """What a target may be called: as it was named, or as the file of its facts."""
    file = target.rpartition("/")[2]
    return target, file, file.removesuffix(".json")


def _other_things(said: Statement, policy: Policy) -> Iterator[str]:
    about = {each.sha256 for each in said.subjects}
    wanted = {"lock": policy.lock, "image": policy.image, "digest": policy.digest}
    for what, digest in wanted.items():
        if digest and digest not in about:
            named = "this digest" if what == "digest" else f"this {what}"
            yield f"It is not about {named} (sha256:{digest})"
    if policy.lock and policy.lock not in said.locks:
        yield "The report that was signed did not read this lock"


def _wrong_times(said: Statement, policy: Policy, now: datetime) -> Iterator[str]:
    if max(said.audited, said.signed) > now + SKEW:
        yield "It was signed in the future, so one of the clocks is wrong"
    if said.audited > said.signed + SKEW:
        yield "It was audited after it was signed"
    old = now - said.audited
    if old > policy.max_age:
        yield f"It was audited {told(old)} ago, and at most {told(policy.max_age)} are accepted"


def _contradictions(report: Report) -> Iterator[str]:
    """A GO beside findings that forbid one was made by no release of this program."""
    rank = report.fail_on.rank
    if any(not each.muted and each.severity.rank >= rank for each in report.findings):
        yield "The report says GO beside findings that forbid it"
