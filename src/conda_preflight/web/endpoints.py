"""The one table of the JSON API: routes, their parameters and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conda_preflight.ledger.answer import Day, Line
from conda_preflight.ledger.book import Ledger
from conda_preflight.ledger.overview import Excused, Fleet, Node, State
from conda_preflight.plain import document_type
from conda_preflight.web import searching, views
from conda_preflight.web.comparing import Comparison
from conda_preflight.web.parameters import Parameter
from conda_preflight.web.shown import KeptFinding, KeptPart, Summary


@document_type
class Endpoint:
    """One question: ``answers`` is the type of the answer, or of its items where it is a list."""

    path: str
    name: str
    summary: str
    ask: Callable[[Ledger, Mapping[str, Any]], Any]
    answers: type
    parameters: tuple[Parameter, ...] = ()
    is_list: bool = True


LIMIT = Parameter("limit", "How many at most.", 50, maximum=500)
AFTER = Parameter("after", "Where the page begins: next of the page before.", cursor=True)
SKIP = Parameter("skip", "How many come before.", 0, minimum=0)
NUMBER = Parameter("id", "The number of an environment.", 1, place="path")
SEQ = Parameter("seq", "The number of a record.", 1, place="path")
NAMED = Parameter("named", "Letters of the name.")
VERDICTS = ("", "GO", "NO_GO", "UNKNOWN")

ENVIRONMENTS = Endpoint(
    "/api/environments",
    "environments",
    "All environments with verdict and numbers of findings",
    views.environments,
    State,
    (
        Parameter("sort", "The order.", "verdict", choices=("verdict", "name", "time")),
        NAMED,
        Parameter("verdict", "Only those with this verdict.", choices=VERDICTS),
        LIMIT,
        AFTER,
    ),
)
ENVIRONMENT = Endpoint(
    "/api/environments/{id}",
    "environment",
    "One environment",
    views.environment,
    State,
    (NUMBER,),
    is_list=False,
)
RECORDS = Endpoint(
    "/api/environments/{id}/records",
    "records",
    "The records of an environment, the newest first",
    views.records,
    Line,
    (NUMBER, LIMIT, Parameter("before", "Only records before this number.", 0, minimum=0)),
)
RECORD = Endpoint(
    "/api/records/{seq}", "record", "One record", views.record, Summary, (SEQ,), is_list=False
)
FINDINGS = Endpoint(
    "/api/records/{seq}/findings",
    "findings",
    "The findings of a record",
    views.findings,
    KeptFinding,
    (SEQ, LIMIT, SKIP, Parameter("family", "Only those of rules of this family.")),
)
PACKAGES = Endpoint(
    "/api/records/{seq}/packages",
    "packages",
    "The packages of a record",
    views.packages,
    KeptPart,
    (SEQ, Parameter("limit", "How many at most.", 200, maximum=1000), SKIP, NAMED),
)
COMPARED = Endpoint(
    "/api/compare",
    "compare",
    "What differs between two records",
    views.compared,
    Comparison,
    (
        Parameter("old", "The number of a record.", 1, required=True),
        Parameter("new", "The number of another one.", 1, required=True),
    ),
    is_list=False,
)
SEARCH = Endpoint(
    "/api/search",
    "search",
    "Where a package, an advisory or a rule is now, in all environments",
    searching.search,
    searching.Found,
    (
        Parameter("q", "A package (numpy, numpy=2.0), an advisory, a rule, an environment."),
        Parameter("after", "next of the page before.", 0, minimum=0),
    ),
    is_list=False,
)
WAIVERS = Endpoint(
    "/api/waivers",
    "waivers",
    "Exceptions that mute something now, the one that ends soonest first",
    views.waivers,
    Excused,
    (LIMIT, AFTER),
)
FLEETS = Endpoint("/api/fleets", "fleets", "Fleets whose nodes answered", views.fleets, Fleet)
NODES = Endpoint(
    "/api/nodes",
    "nodes",
    "The latest answers of the nodes of a fleet",
    views.nodes,
    Node,
    (Parameter("fleet", "The name of the fleet.", required=True),),
)
DAYS = Endpoint(
    "/api/findings-over-time",
    "findings_over_time",
    "How many findings came, went and were there, by day and severity",
    views.over_time,
    Day,
    (Parameter("since", "The first day, as 2026-11-24."),),
)
ENDPOINTS = (
    ENVIRONMENTS,
    ENVIRONMENT,
    RECORDS,
    RECORD,
    FINDINGS,
    PACKAGES,
    COMPARED,
    SEARCH,
    WAIVERS,
    FLEETS,
    NODES,
    DAYS,
)
REPORTS = "/api/reports"
DOCUMENT = "/api/openapi.json"
