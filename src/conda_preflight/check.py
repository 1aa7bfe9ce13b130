"""The contract of a check: a function that meets a document and yields problems.

The docstring is the manual page and the signature is the whole declaration: the
first parameter is what is examined, further positional ones are what the check
needs, keyword-only ones with defaults are its settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from conda_preflight.errors import Skip
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.report import Problem, Rule, Severity

__all__ = ["Check", "CheckFunction", "Skip", "check"]

_ID = lazy_pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")

CheckFunction = Callable[..., Iterable[Problem]]


@document_type
class Check:
    """A rule and the function that judges it; ``reads`` are the facts of a Host it is given."""

    rule: Rule
    function: CheckFunction
    defaults: Mapping[str, object] = field(default_factory=dict)
    reads: tuple[str, ...] = ()


def check(
    rule_id: str,
    severity: Severity,
    *,
    formerly: tuple[str, ...] = (),
    reads: tuple[str, ...] = (),
) -> Callable[[CheckFunction], Check]:
    """Make a Check of a function; raises ValueError when the declaration is not whole.

    One that needs a Host can say in ``reads`` which facts of it: targets that are alike in
    these are then judged together, and the check is given nothing else.
    """

    def declare(function: CheckFunction) -> Check:
        if not _ID.fullmatch(rule_id):
            raise ValueError(f"{rule_id!r} is not a rule id: write family/kebab-name")
        page = _unindent(function.__doc__ or "")
        if not page:
            raise ValueError(f"{rule_id}: a check needs a docstring, it is the manual page")
        examined, *needed = _positional(function)
        defaults = dict(function.__kwdefaults__ or {})
        rule = Rule(
            id=rule_id,
            severity=severity,
            summary=page.partition("\n\n")[0].replace("\n", " "),
            page=page,
            examines=examined,
            needs=tuple(name for names in needed for name in names[:1]),
            settings={key.replace("_", "-"): value for key, value in defaults.items()},
            formerly=formerly,
        )
        return Check(rule, function, defaults, reads)

    return declare


def _positional(function: CheckFunction) -> list[tuple[str, ...]]:
    """The type names of each positional parameter, in order."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    annotations = function.__annotations__
    if not names or any(name not in annotations for name in names):
        raise ValueError(f"{function.__name__}: each positional parameter needs a type")
    return [_type_names(annotations[name]) for name in names]


def _type_names(annotation: object) -> tuple[str, ...]:
    """``Manifest | Requirements`` as ("Manifest", "Requirements"); text or real types."""
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    parts = str(text or annotation).split("|")
    return tuple(part.strip().rpartition(".")[2] for part in parts)


def _unindent(text: str) -> str:
    """The docstring without its indentation, as inspect.cleandoc does, without its import."""
    first, _, rest = text.strip().partition("\n")
    lines = rest.split("\n")
    margin = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
    return "\n".join([first, *(line[margin:].rstrip() for line in lines)]).strip()
