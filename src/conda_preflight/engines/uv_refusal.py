"""Why uv found nothing: sentences about the lines and packages that stand against each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

from conda_preflight.documents import Requirement
from conda_preflight.engines.uv_proof import Proof, Term, read_proof
from conda_preflight.engines.version_sets import disjoint
from conda_preflight.grammar.pep440 import versions_allow
from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.solving.pip_half import PipQuestion, Provided, Unresolvable
from conda_preflight.solving.question import Untried

MAX_SENTENCES = 3
_NO_LOGIN = lazy_pattern(
    r"An index(?: URL)? \((\S{1,512})\) (?:could not be queried|returned a 403)"
)
_TROUBLE = (
    ("network was disabled", "uv may not use the network, and its cache lacks what it needs"),
    ("dns error", "The index cannot be reached: its host has no address"),
    ("Connection refused", "The index cannot be reached: its host refuses the connection"),
    ("timed out", "The index does not answer in time"),
    ("certificate", "The index cannot be trusted: its certificate is not accepted"),
    ("Hash mismatch", "A file of the index is not the one that its hash names"),
    ("Failed to build", "A project has no wheel, and building it failed"),
    (
        "included as a URL dependency",
        "A project needs a file by its address, which uv follows only from a line of your own",
    ),
)
_STATUS = lazy_pattern(
    r"HTTP status [a-z ]{0,32}\((\d{3})[^)\n]{0,64}\)(?: for url \((\S{1,512})\))?"
)


Told: TypeAlias = tuple[str, tuple[str, ...]]


@value_type
class DeadEnd:
    """A need that nothing meets, or without one a project that cannot be had, and why.

    ``owner`` is the project, empty where a line of the question has the need itself.
    """

    owner: str
    need: Term | None
    fault: str


def refusal(text: str, question: PipQuestion) -> Unresolvable | Untried:
    """What a failed run means: that there is no solution, or that it could not be told."""
    proof = read_proof(text)
    if login := refused_login(text):
        return login
    trouble = _trouble(text)
    if trouble or not _is_verdict(text, proof):
        return Untried(trouble or f"uv failed: {_first_line(text)}")
    ends = tuple(_dead_ends(proof, question))
    told = dict(_told(ends, proof, question)) or dict(_clash(proof, question))
    names = {name for names in told.values() for name in names} or {t.name for t in proof.required}
    return Unresolvable(
        reason=" ".join(list(told)[:MAX_SENTENCES]) or _conclusion(text),
        requirements=tuple(line for line in _lines(question) if line.name in names),
        provided=_guilty(ends, question),
        missing=proof.unknown,
        sdist_only=proof.to_build,
        text=text,
    )


def refused_login(text: str) -> Untried | None:
    """That an index wants other credentials, if the text says so."""
    found = _NO_LOGIN.search(text)
    if found is None:
        return None
    status = "401" if "401 Unauthorized" in text else "403"
    hint = f"It answers with HTTP status {status}; put the login into netrc or a keyring."
    return Untried(f"The index {redact(found[1])} wants other credentials", hint)


def _is_verdict(text: str, proof: Proof) -> bool:
    return "No solution found" in text or bool(proof.to_build or proof.addresses)


def _trouble(text: str) -> str:
    """The reason why a failure says nothing about the question, empty where it does."""
    if found := _STATUS.search(text):
        where = f" for {redact(found[2])}" if found[2] else ""
        return f"The index answers with HTTP status {found[1]}{where}"
    return next((sentence for words, sentence in _TROUBLE if words in text), "")


def _dead_ends(proof: Proof, question: PipQuestion) -> Iterator[DeadEnd]:
    conda = {each.name: each for each in question.provided}
    there = {term.name: term for term in proof.available}
    for owner, need in (*proof.needs, *(("", term) for term in proof.required)):
        given, all_there = conda.get(need.name), there.get(need.name)
        if given and not _fits(need, given):
            yield DeadEnd(owner, need, f"but conda installs {given.name} {given.version}")
        elif all_there and not given and disjoint(need.specs, all_there.specs):
            yield DeadEnd(owner, need, f"but only {all_there} is on the index")
    for name in proof.addresses:
        given = conda.get(name)
        fault = f"but conda installs {name} {given.version}" if given else "from two addresses"
        yield DeadEnd("", Term(name), fault)
    for owner, spec in proof.python:
        python = Term("Python", (f" {spec}",))
        yield DeadEnd(owner, python, f"but the environment has Python {question.python}")
    for name, fault in _faults(proof, question):
        yield DeadEnd(name, None, fault)


def _faults(proof: Proof, question: PipQuestion) -> Iterator[tuple[str, str]]:
    """Projects that cannot be had themselves, each with what is wrong with it."""
    glibc = f" with glibc {question.glibc}" if question.glibc else ""
    machine = f"Python {question.python} on {question.platform}{glibc}"
    for name in proof.to_build:
        yield name, f"has no wheel for {machine} and would have to be built"
    for name in proof.unfit:
        if name not in proof.to_build:
            yield name, f"has no file for {machine}"
    yield from ((name, "has metadata that cannot be read") for name in proof.broken)
    yield from ((name, "is on no index") for name in proof.unknown)
    for term in proof.no_version:
        yield term.name, f"is on no index in version {' or '.join(term.specs)}".rstrip()


def _fits(need: Term, given: Provided) -> bool:
    return not need.specs or any(versions_allow(s, given.version) is not False for s in need.specs)


def _told(ends: tuple[DeadEnd, ...], proof: Proof, question: PipQuestion) -> Iterator[Told]:
    """A sentence for each line and dead end, with the projects whose lines it names."""
    seen = set()
    asked = [term.name for term in proof.required] or [line.name for line in question.requirements]
    for end in ends:
        start = end.owner or (end.need.name if end.need else "")
        for root in dict.fromkeys(asked):
            chain = _chain(root, start, proof)
            about = (root, end.need.name if end.need else start)
            if chain and about not in seen and (end.owner or root == start):
                seen.add(about)
                yield _sentence(chain, end, question), (root,)


def _sentence(chain: tuple[str, ...], end: DeadEnd, question: PipQuestion) -> str:
    """``a`` needs b, which needs c>=2, but conda installs c 1.0."""
    line = _quoted(chain[0], question)
    if end.need and not end.owner:
        return f"{line} is asked of pip, {end.fault}."
    links = [*chain[1:], str(end.need)] if end.need else list(chain[1:])
    way = ", which ".join(f"needs {link}" for link in links)
    if end.need:
        return f"{line} {way}, {end.fault}."
    return f"{line} {way}{', which ' if way else ''}{end.fault}."


def _chain(root: str, goal: str, proof: Proof) -> tuple[str, ...]:
    """The shortest way of needs from a project to another, both included; empty without one."""
    ways: dict[str, tuple[str, ...]] = {root: (root,)}
    todo = [root]
    for name in todo:
        for owner, need in proof.needs:
            if owner == name and need.name not in ways:
                ways[need.name] = (*ways[name], need.name)
                todo.append(need.name)
    return ways.get(goal, ())


def _clash(proof: Proof, question: PipQuestion) -> Iterator[Told]:
    """Two lines that need different versions of one project."""
    asked = [
        (term, term.name, f"{_quoted(term.name, question)} is asked") for term in proof.required
    ]
    needed = [
        (need, root, f"{_quoted(root, question)} needs {_by_way(chain)}{need}")
        for owner, need in proof.needs
        for root in dict.fromkeys(term.name for term in proof.required)
        if (chain := _chain(root, owner, proof))
    ]
    for (first, one, words), (second, other, more) in combinations((*needed, *asked), 2):
        if first.name == second.name and disjoint(first.specs, second.specs):
            both = f"{words}, and {more}: no version is both"
            yield (f"{words} in two versions" if words == more else both) + ".", (one, other)
            return


def _by_way(chain: tuple[str, ...]) -> str:
    return "".join(f"{name}, which needs " for name in chain[1:])


def _quoted(name: str, question: PipQuestion) -> str:
    """The lines that ask for a project, as they are written."""
    texts = [redact(line.text.strip())[:120] for line in _lines(question) if line.name == name]
    return " and ".join(f"`{text}`" for text in dict.fromkeys(texts)) or name


def _lines(question: PipQuestion) -> tuple[Requirement, ...]:
    return (*question.requirements, *question.constraints)


def _guilty(ends: tuple[DeadEnd, ...], question: PipQuestion) -> tuple[Provided, ...]:
    against = {end.need.name for end in ends if end.need}
    return tuple(each for each in question.provided if each.name in against)


def _conclusion(text: str) -> str:
    return f"The lines under pip cannot be met together: {_tail(text)}"


def _first_line(text: str) -> str:
    lines = (line.strip().removeprefix("error: ") for line in text.splitlines())
    return next((line for line in lines if line and not line.startswith("warning:")), "no message")


def _tail(text: str) -> str:
    """The last words of an explanation, on one line."""
    return " ".join(text.rpartition("cause:")[2].split())[-400:]
