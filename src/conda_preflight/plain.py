"""How plain values are made: dataclasses that cost little to define.

A hundred classes are defined before a short audit begins, and half of them never get a value.
``frozen=True`` doubles what each costs, and code that is generated for making, comparing and
showing does so again. Here the type checker forbids assignment, one function compares all, and
a constructor is written when the first value is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_type(cls: type[T]) -> type[T]:
    """A slotted value that is never changed, equal to another of the same content."""
    made = document_type(cls)
    names = tuple(entry.name for entry in fields(made))  # type: ignore[arg-type]
    _compare_by(made, attrgetter(*names) if names else type)
    return made


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def document_type(cls: type[T]) -> type[T]:
    """A slotted value that is never changed, equal to itself alone."""
    made = dataclass(slots=True, eq=False, repr=False, init=False)(cls)
    _make_by_first_use(made)
    _show(made)
    return made


def _make_by_first_use(cls: type) -> None:
    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807
        constructor = cls.__init__ = _constructor(cls)  # type: ignore[misc]
        constructor(self, *given, **named)

    cls.__init__ = __init__  # type: ignore[misc]


def _constructor(cls: type) -> Callable[..., None]:
    """What a dataclass would have: ``def __init__(self, a, b=default_b): self.a = a; ...``."""
    parameters, steps = ["self"], ["pass"]
    scope: dict[str, object] = {"MISSING": MISSING}
    for entry in fields(cls):
        name, value, default = entry.name, entry.name, ""
        if entry.default is not MISSING:
            default, scope[f"default_{name}"] = f"=default_{name}", entry.default
        elif entry.default_factory is not MISSING:
            default, scope[f"make_{name}"] = "=MISSING", entry.default_factory
            value = f"make_{name}() if {name} is MISSING else {name}"
        parameters.append(name + default)
        steps.append(f"self.{name} = {value}")
    head = f"def __init__({', '.join(parameters)}):"
    exec("\n    ".join((head, *steps)), scope)  # noqa: S102  (as dataclasses do; names of fields)
    made = cast("Callable[..., None]", scope["__init__"])
    made.__qualname__ = f"{cls.__qualname__}.__init__"  # which an error tells
    return made


def _compare_by(cls: type, content: Callable[[Any], object]) -> None:
    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return content(self) == content(other) if type(other) is cls else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(content(self))

    cls.__eq__ = __eq__  # type: ignore[assignment]
    cls.__hash__ = __hash__  # type: ignore[assignment]


def _show(cls: type) -> None:
    def __repr__(self: object) -> str:  # noqa: N807
        names = [entry.name for entry in fields(cls) if entry.repr]
        return f"{cls.__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in names)})"

    cls.__repr__ = __repr__  # type: ignore[assignment]
