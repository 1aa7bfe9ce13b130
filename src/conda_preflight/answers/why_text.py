"""``why`` for people at a terminal: each chain as steps that go down to the package."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.answers import phrases
from conda_preflight.chains import Answer, Chain, Explanation, Node, Reason
from conda_preflight.installation import Place
from conda_preflight.language import say, word
from conda_preflight.selection import HERE
from conda_preflight.shortest import MAX_COUNT
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number

_INDENT = "  "
_MAX_COLUMN = 48
_CORNERS = ("└─ ", "`- ")
NOT_KNOWN = (
    "Why is not known: the file that it stands in holds no dependencies. --depends-from takes "
    "them from a lock or a prefix that does."
)
_SOME = "These are {count} of {total} of this length; --all shows more."
_NOT_ASKED = (
    "{who} does not ask for {name} itself; whether something that it asks for needs it is not "
    "known without a lock."
)


def write(answer: Answer, subject: str, ink: Ink) -> str:
    """The answer as lines; what was asked is in it, so that it can be read alone."""
    every = all_places(answer)
    blocks = [list(_explanation(each, every, ink)) for each in answer.explanations]
    blocks += [ink.wrap(sentence) for sentence in absences(answer, subject, every)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def absences(answer: Answer, subject: str, every: list[Place]) -> Iterator[str]:
    """Where the package is not, and what may have been meant."""
    if not answer.explanations:
        yield absence(answer, subject)
        if answer.near and not answer.unmet:
            yield say("Did you mean {names}?", names=word(" or ").join(answer.near))
    elif answer.elsewhere:
        yield say("It is not {where}.", where=phrases.at(answer.elsewhere, every))


def absence(answer: Answer, subject: str) -> str:
    """That the package is not there, as far as that is known."""
    if answer.declared:
        who = f"T{subject[1:]}" if subject.startswith("this ") else subject
        return say(_NOT_ASKED, who=word(who) if subject == HERE else who, name=answer.name)
    lines = phrases.listed(
        [say("{place} asks for `{text}`", place=a.place, text=a.text) for a in answer.unmet]
    )
    template = "{name} is not in {what}, though {lines}." if lines else "{name} is not in {what}."
    return say(template, name=answer.name, what=named_subject(subject), lines=lines)


def named_subject(subject: str) -> str:
    """What was looked into: a name stays as it is."""
    return word(subject) if subject == HERE else subject


def all_places(answer: Answer) -> list[Place]:
    """Every place that was looked at."""
    found = [place for explanation in answer.explanations for place in explanation.places]
    return list(dict.fromkeys([*found, *answer.elsewhere]))


def _explanation(explanation: Explanation, every: list[Place], ink: Ink) -> Iterator[str]:
    head = " ".join(
        filter(None, (title(explanation.target), phrases.at(explanation.places, every)))
    )
    yield from ink.wrap(head, style="bold", hanging=_INDENT)
    reason = explanation.reason
    if reason is None:
        yield from ink.wrap(word(NOT_KNOWN), _INDENT)
        return
    for chain in reason.chains:
        yield ""
        yield from _chain(chain, ink)
    for sentence in remarks(reason):
        yield ""
        yield from ink.wrap(sentence, _INDENT, style="dim")


def title(node: Node) -> str:
    """``numpy 1.26.4 (pip)``, or with the channel of a conda package."""
    origin = node.channel if node.manager == "conda" else word(phrases.MANAGERS[node.manager])
    return " ".join([named(node), *([f"({origin})"] if origin else [])])


def named(node: Node) -> str:
    """``numpy 1.26.4``."""
    return f"{node.name} {node.version}".rstrip()


def remarks(reason: Reason) -> Iterator[str]:
    """What the chains do not show: how many more there are, and who else needs the package."""
    if reason.asked is False:
        yield word("Nothing that was asked for needs it: it may be left from before.")
    if reason.total > len(reason.chains):
        total = number(reason.total, "chain")
        if reason.total >= MAX_COUNT:
            total = say("at least {number}", number=total)
        yield say(_SOME, count=len(reason.chains), total=total)
    through = {chain.nodes[-2] for chain in reason.chains if len(chain.nodes) > 1}
    direct = len(reason.dependents)
    if direct > len({node.name for node in through}):
        names = phrases.listed([node.name for node in reason.dependents], 8)
        template = "In all {packages} needs it directly: {names}."
        if direct != 1:
            template = "In all {packages} need it directly: {names}."
        yield say(template, packages=number(direct, "package"), names=names)


def _chain(chain: Chain, ink: Ink) -> Iterator[str]:
    """One line per step: the package, and in a second column why it is needed."""
    rows = []
    for depth, node in enumerate(chain.nodes):
        corner = _INDENT + "   " * (depth - 1) + _CORNERS[not ink.unicode] if depth else _INDENT
        pip = " (pip)" if node.manager == "pypi" else ""
        rows.append((f"{corner}{ink.plain(named(node), 120)}{pip}", how(chain, depth)))
    column = min(max(cells(left) for left, _ in rows), _MAX_COLUMN) + 1
    for left, right in rows:
        gap = " " * max(column - cells(left), 1)
        yield from ink.wrap(right, left + gap, " " * (column + 1)) if right else [left]


def how(chain: Chain, depth: int) -> str:
    """By which line or constraint a step of a chain is there."""
    if depth:
        constraint = chain.nodes[depth].constraint
        return word("any version") if constraint in ("", "*") else constraint
    if chain.ask is None:
        return word("one of a circle" if chain.circle else "nothing else needs it")
    return say("asked for by `{text}`, {place}", text=chain.ask.text, place=chain.ask.place)
