"""What ``fleet`` says of nodes, as sheets; the words are the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conda_preflight.answers.phrases import listed
from conda_preflight.answers.sheet import Sheet
from conda_preflight.fleet.answers import NodeAnswer
from conda_preflight.fleet.differences import Difference, Unlike, Value
from conda_preflight.fleet.outcome import Fleet
from conda_preflight.report import Verdict
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
    return (*found, Sheet(title(fleet), (), (), fleet.notes))


def title(fleet: Fleet) -> str:
    """``NO-GO: 4 nodes, 2 GO, 1 NO-GO, 1 UNKNOWN``."""
    counts = [
        f"{fleet.counts[each]} {word}" for each, word in VERDICTS.items() if _has(fleet, each)
    ]
    return f"{VERDICTS[fleet.verdict]}: {number(len(fleet.answers), 'node')}, {', '.join(counts)}"


def _has(fleet: Fleet, verdict: Verdict) -> bool:
    return fleet.counts.get(verdict, 0) > 0


def _nodes(fleet: Fleet, *, quiet: bool) -> Sheet:
    heads = ("Node", "Verdict", "Took", "Why")
    order = (Verdict.NO_GO, Verdict.UNKNOWN, Verdict.GO)
    answers = sorted(fleet.answers, key=lambda a: (order.index(fleet.verdict_of(a)), a.node))
    told = [row for row in (_node(fleet, answer) for answer in answers) if row[-1] or not quiet]
    rows, more = tuple(told[:_ROWS]), len(told) - _ROWS
    notes = (f"{number(more, 'node')} more; --format json has all.",) if more > 0 else ()
    return Sheet(f"Nodes of {fleet.name}" if fleet.name else "Nodes", heads, rows, notes)


def _node(fleet: Fleet, answer: NodeAnswer) -> tuple[str, ...]:
    """A row; what may be long comes last, where it is wrapped."""
    took = f"{answer.seconds:.1f} s" if answer.seconds else ""
    return (answer.node, VERDICTS[fleet.verdict_of(answer)], took, "; ".join(_why(fleet, answer)))


def _why(fleet: Fleet, answer: NodeAnswer) -> Iterator[str]:
    titles = list(dict.fromkeys(each.title for each in fleet.of(answer.node)))
    if titles:
        yield f"differs in {listed(titles, _RULES)}"
    told = audited(answer)
    if told != VERDICTS[Verdict.GO]:
        yield f"its audit: {told}" if answer.is_reached and not answer.reason else told


def audited(answer: NodeAnswer) -> str:
    """What the audit of a node said, or why there is none."""
    if not answer.is_reached:
        return f"{answer.status}: {answer.reason}" if answer.reason else answer.status
    if answer.reason:
        return f"not judged: {answer.reason}"
    if answer.report.get("verdict") == Verdict.GO.value:
        return "GO"
    rules = Counter(
        str(each["rule"])
        for each in answer.report.get("findings", ())
        if not each["muted"] and each["severity"] == "error"
    )
    named = [f"{rule} ({count})" if count > 1 else rule for rule, count in rules.most_common()]
    why = named or [str(reason) for reason in answer.report.get("reasons", ())]
    word = VERDICTS[Verdict(answer.report["verdict"])] if answer.report else "not judged"
    return f"{word}: {listed(why, _RULES)}" if why else word


def _differences(fleet: Fleet) -> Sheet:
    heads = ("What", "Fact", "Weight", "Most", "Others")
    found = fleet.differences
    rows = tuple(map(_difference, found[:_ROWS]))
    more = len(found) - _ROWS
    notes = (f"{number(more, 'fact')} more; --format json has all.",) if more > 0 else ()
    return Sheet("Not alike", heads, rows, notes)


def _difference(each: Difference) -> tuple[str, ...]:
    first, *others = each.values
    most = _most(first) if each.has_majority else "no majority"
    odd = others if each.has_majority else each.values
    told = "; ".join(f"{_value(value)} on {listed(value.nodes)}" for value in odd[:_SHOWN])
    rest = len(odd) - _SHOWN
    more = f"; and {number(rest, 'other value')}" if rest > 0 else ""
    return (each.title, each.fact, each.severity.value, most, f"{told}{more}")


def _most(value: Value) -> str:
    return f"{_value(value)} ({number(len(value.nodes), 'node')})"


def _value(value: Value) -> str:
    return value.text or "none"


def _unlike(each: Unlike) -> Sheet:
    packages = tuple(
        ("package", name.partition(":")[2], f"{there or 'none'} -> {here or 'none'}")
        for name, there, here in each.packages
    )
    named = (("changed", each.changed), ("missing", each.missing), ("more", each.more))
    files = tuple((what, path, "") for what, paths in named for path in paths[:_SHOWN])
    told = f"{number(each.files, 'file')}, {number(len(each.packages), 'package')}"
    rows = packages[: _SHOWN * 2] + files
    rest = len(packages) + each.files - len(rows)
    notes = (f"{rest} more; --format json names them.",) if rest > 0 else ()
    return Sheet(f"{each.node} against {each.other}: {told}", ("", "Which", ""), rows, notes)
