"""The pages: each asks the same questions as the API, and gives them to a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from conda_preflight.ledger.book import Ledger
from conda_preflight.pictures.timeline import timeline
from conda_preflight.pictures.writing import inline
from conda_preflight.plain import document_type
from conda_preflight.web import endpoints, searching, target_matrix, views
from conda_preflight.web.nodes import heat_map
from conda_preflight.web.parameters import Parameter
from conda_preflight.web.phases import phases
from conda_preflight.web.shown import Summary

Values = Mapping[str, Any]
Context = dict[str, Any]


@document_type
class PageRoute:
    """One page: its template, its parameters, and what gives the template its values."""

    path: str
    template: str
    fill: Callable[[Ledger, Values], Context | None]
    parameters: tuple[Parameter, ...] = ()


def _environments(ledger: Ledger, given: Values) -> Context:
    board, page = ledger.board(), views.environments(ledger, given)
    filtered = {"named": given["named"], "verdict": given["verdict"]}
    return {
        "page": page,
        "tally": board.tally(),
        "count": board.count(**filtered),
        "trends": board.trends([state.id for state in page.items]),
        "expiring": board.expiring(views.soon()),
        "soon": views.SOON,
    }


def _environment(ledger: Ledger, given: Values) -> Context | None:
    state = ledger.board().environment(given["id"])
    if state is None:
        return None
    return {"state": state, **(_record(ledger, {**given, "seq": state.seq}) or {})}


def _record(ledger: Ledger, given: Values) -> Context | None:
    lines = ledger.lines([given["seq"]])
    if not lines:
        return None
    whole, board = ledger.record(given["seq"]), ledger.board()
    number = board.number_of(whole.project, whole.subject)
    before, after = board.neighbours(given["seq"])
    return {
        "state": board.environment(number),
        "record": Summary.of(lines[0], whole, number),
        "phases": phases(whole),
        "findings": views.findings_of(whole, given),
        "matrix": target_matrix.of_record(whole),
        "before": before,
        "after": after,
    }


def _packages(ledger: Ledger, given: Values) -> Context | None:
    state = ledger.board().environment(given["id"])
    if state is None:
        return None
    return {"state": state, "page": views.packages(ledger, {**given, "seq": state.seq})}


def _why(ledger: Ledger, given: Values) -> Context | None:
    state = ledger.board().environment(given["id"])
    if state is None:
        return None
    from conda_preflight.web.linked import why_here

    found = why_here(ledger.record(state.seq), given["package"])
    return {"state": state, "found": found}


def _sizes(ledger: Ledger, given: Values) -> Context | None:
    state = ledger.board().environment(given["id"])
    if state is None:
        return None
    from conda_preflight.web.linked import drawn_sizes, weighed

    whole = ledger.record(state.seq)
    rows = weighed(whole)
    number = given["place"] or next((row.number for row in rows if row.size), 0) + 1
    picture = drawn_sizes(whole, number - 1)
    return {"state": state, "rows": rows, "number": number - 1, "picture": picture}


def _targets(ledger: Ledger, given: Values) -> Context:
    page = views.targets(ledger, given)
    return {"page": page, "matrix": target_matrix.of_all(page.items)}


def _history(ledger: Ledger, given: Values) -> Context | None:
    state, page = ledger.board().environment(given["id"]), views.records(ledger, given)
    if state is None or page is None:
        return None
    drawn = timeline(state.name, page.items)
    return {"state": state, "page": page, "picture": Markup(inline(drawn, "past")) if drawn else ""}  # noqa: S704


def _compare(ledger: Ledger, given: Values) -> Context | None:
    found = views.compared(ledger, given)
    if found is None:
        return None
    whole = ledger.record(given["new"])
    board = ledger.board()
    number = board.number_of(whole.project, whole.subject)
    return {"found": found, "state": board.environment(number)}


def _search(ledger: Ledger, given: Values) -> Context:
    return {"found": searching.search(ledger, given)}


def _nodes(ledger: Ledger, given: Values) -> Context:
    fleets = ledger.board().fleets()
    name = given["fleet"] or (fleets[0].name if len(fleets) == 1 else "")
    nodes = ledger.board().nodes(name) if name else ()
    return {"fleets": fleets, "fleet": name, "map": heat_map(nodes) if nodes else None}


def _waivers(ledger: Ledger, given: Values) -> Context:
    return {"page": views.waivers(ledger, given), "today": views.today(), "soon": views.soon()}


_FAMILY, _SKIP, _LIMIT = endpoints.FINDINGS.parameters[3], endpoints.SKIP, endpoints.LIMIT
PAGES = (
    PageRoute("/", "environments.html", _environments, endpoints.ENVIRONMENTS.parameters),
    PageRoute(
        "/environments/{id}",
        "environment.html",
        _environment,
        (endpoints.NUMBER, _LIMIT, _SKIP, _FAMILY),
    ),
    PageRoute(
        "/environments/{id}/packages",
        "packages.html",
        _packages,
        (endpoints.NUMBER, *endpoints.PACKAGES.parameters[1:]),
    ),
    PageRoute(
        "/environments/{id}/why",
        "why.html",
        _why,
        (endpoints.NUMBER, Parameter("package", "The name of a package.", required=True)),
    ),
    PageRoute(
        "/environments/{id}/sizes",
        "sizes.html",
        _sizes,
        (endpoints.NUMBER, Parameter("place", "Which environment of it, from 1.", 0, minimum=0)),
    ),
    PageRoute("/environments/{id}/history", "history.html", _history, endpoints.RECORDS.parameters),
    PageRoute("/records/{seq}", "record.html", _record, (endpoints.SEQ, _LIMIT, _SKIP, _FAMILY)),
    PageRoute("/compare", "compare.html", _compare, endpoints.COMPARED.parameters),
    PageRoute("/search", "search.html", _search, endpoints.SEARCH.parameters),
    PageRoute("/nodes", "nodes.html", _nodes, (Parameter("fleet", "The name of the fleet."),)),
    PageRoute("/targets", "targets.html", _targets, (endpoints.NAMED, _LIMIT, endpoints.AFTER)),
    PageRoute("/waivers", "waivers.html", _waivers, endpoints.WAIVERS.parameters),
)
"""Every page of the dashboard."""
