"""What ``fleet`` says of nodes, as sheets; the words are the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conda_preflight.answers.phrases import listed, told
from conda_preflight.answers.sheet import Sheet
from conda_preflight.fleet.answers import NodeAnswer
from conda_preflight.fleet.differences import Difference, Unlike, Value
from conda_preflight.fleet.outcome import Fleet
from conda_preflight.language import say, word
from conda_preflight.report import Verdict
from conda_preflight.writers import wording
from conda_preflight.writers.wording import VERDICTS, number

_ROWS = 200
_SHOWN = 8
_RULES = 3


def sheets(fleet: Fleet, *, quiet: bool = False) -> tuple[Sheet, ...]:
    """The nodes; in what they differ; how each odd environment does; the verdict.

    ``quiet`` leaves out nodes of which there is nothing more to say than that they are a GO.
    """
    nodes = _nodes(fleet, quiet=quiet)
    found = [nodes] if nodes.rows or not quiet else []
    if fleet.differences:
        found.append(_differences(fleet))
    found += [_unlike(each) for each in fleet.unlike]
    return (*found, Sheet(title(fleet), (), (), tuple(map(told, fleet.notes))))


def title(fleet: Fleet) -> str:
    """``NO-GO: 4 nodes, 2 GO, 1 NO-GO, 1 UNKNOWN``."""
    counts = [
        say("{count} {verdict}", count=fleet.counts[each], verdict=name)
        for each, name in VERDICTS.items()
        if _has(fleet, each)
    ]
    said = wording.listed([number(len(fleet.answers), "node"), *counts])
    return say("{verdict}: {what}", verdict=VERDICTS[fleet.verdict], what=said)


def _has(fleet: Fleet, verdict: Verdict) -> bool:
    return fleet.counts.get(verdict, 0) > 0


def _nodes(fleet: Fleet, *, quiet: bool) -> Sheet:
    heads = ("Node", "Verdict", "Took", "Why")
    order = (Verdict.NO_GO, Verdict.UNKNOWN, Verdict.GO)
    answers = sorted(fleet.answers, key=lambda a: (order.index(fleet.verdict_of(a)), a.node))
    shown = [row for row in (_node(fleet, answer) for answer in answers) if row[-1] or not quiet]
    rows, more = tuple(shown[:_ROWS]), len(shown) - _ROWS
    title = say("Nodes of {name}", name=fleet.name) if fleet.name else word("Nodes")
    return Sheet(title, heads, rows, left(more, "node"))


def left(count: int, noun: str) -> tuple[str, ...]:
    """``3 nodes more; --format json has all.``, or nothing where none is left."""
    return (say("{what} more; --format json has all.", what=number(count, noun)),) * (count > 0)


def _node(fleet: Fleet, answer: NodeAnswer) -> tuple[str, ...]:
    """A row; what may be long comes last, where it is wrapped."""
    took = f"{answer.seconds:.1f} s" if answer.seconds else ""
    why = word("; ").join(_why(fleet, answer))
    return (answer.node, VERDICTS[fleet.verdict_of(answer)], took, why)


def _why(fleet: Fleet, answer: NodeAnswer) -> Iterator[str]:
    titles = list(dict.fromkeys(word(each.title) for each in fleet.of(answer.node)))
    if titles:
        yield say("differs in {names}", names=listed(titles, _RULES))
    said = audited(answer)
    if said != VERDICTS[Verdict.GO]:
        is_judged = answer.is_reached and not answer.reason
        yield say("its audit: {what}", what=said) if is_judged else said


def audited(answer: NodeAnswer) -> str:
    """What the audit of a node said, or why there is none."""
    if not answer.is_reached:
        return _because(word(answer.status), answer.reason)
    if answer.reason:
        return _because(word("not judged"), answer.reason)
    if answer.report.get("verdict") == Verdict.GO.value:
        return "GO"
    rules = Counter(
        str(each["rule"])
        for each in answer.report.get("findings", ())
        if not each["muted"] and each["severity"] == "error"
    )
    named = [f"{rule} ({count})" if count > 1 else rule for rule, count in rules.most_common()]
    reasons = answer.report.get("reasons", ())
    why = named or [told(str(reason), "*") for reason in reasons]
    judged = VERDICTS[Verdict(answer.report["verdict"])] if answer.report else word("not judged")
    return say("{about}: {why}", about=judged, why=listed(why, _RULES)) if why else judged


def _because(what: str, reason: str) -> str:
    """What became of a node, and why: a phrase of this command, or an error there."""
    why = told(told(reason), "errors/*")
    return say("{about}: {why}", about=what, why=why) if why else what


def _differences(fleet: Fleet) -> Sheet:
    heads = ("What", "Fact", "Weight", "Most", "Others")
    found = fleet.differences
    rows = tuple(map(_difference, found[:_ROWS]))
    more = len(found) - _ROWS
    return Sheet(word("Not alike"), heads, rows, left(more, "fact"))


def _difference(each: Difference) -> tuple[str, ...]:
    first, *others = each.values
    most = _most(first) if each.has_majority else word("no majority")
    odd = others if each.has_majority else each.values
    said = word("; ").join(map(_on, odd[:_SHOWN]))
    rest = len(odd) - _SHOWN
    more = say("; and {more}", more=number(rest, "other value")) if rest > 0 else ""
    return (word(each.title), each.fact, word(each.severity.value), most, f"{said}{more}")


def _on(value: Value) -> str:
    return say("{value} on {nodes}", value=_value(value), nodes=listed(value.nodes))


def _most(value: Value) -> str:
    nodes = number(len(value.nodes), "node")
    return say("{value} ({nodes})", value=_value(value), nodes=nodes)


def _value(value: Value) -> str:
    return value.text or word("none")


def _unlike(each: Unlike) -> Sheet:
    none = word("none")
    packages = tuple(
        (word("package"), name.partition(":")[2], f"{there or none} -> {here or none}")
        for name, there, here in each.packages
    )
    named = (("changed", each.changed), ("missing", each.missing), ("more", each.more))
    files = tuple((word(what), path, "") for what, paths in named for path in paths[:_SHOWN])
    said = wording.listed([number(each.files, "file"), number(len(each.packages), "package")])
    rows = packages[: _SHOWN * 2] + files
    rest = len(packages) + each.files - len(rows)
    notes = (say("{count} more; --format json names them.", count=rest),) if rest > 0 else ()
    template = "{node} against {other}: {what}"
    title = say(template, node=each.node, other=each.other, what=said)
    return Sheet(title, ("", "Which", ""), rows, notes)
