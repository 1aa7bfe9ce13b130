"""How plain values are made: dataclasses that cost little to define.

A hundred classes are defined before a short audit begins. ``frozen=True`` doubles what each
costs, and code that is generated for comparing and showing does so again. Here the type
checker forbids assignment, and one function compares all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_type(cls: type[T]) -> type[T]:
    """A slotted value that is never changed, equal to another of the same content."""
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    names = tuple(entry.name for entry in fields(made))  # type: ignore[arg-type]
    _compare_by(made, attrgetter(*names) if names else type)
    _show(made)
    return made


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def document_type(cls: type[T]) -> type[T]:
    """A slotted value that is never changed, equal to itself alone."""
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    _show(made)
    return made


def _compare_by(cls: type, content: Callable[[Any], object]) -> None:
    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return content(self) == content(other) if type(other) is cls else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(content(self))

    cls.__eq__ = __eq__  # type: ignore[assignment]
    cls.__hash__ = __hash__  # type: ignore[assignment]


def _show(cls: type) -> None:
    names = [entry.name for entry in fields(cls) if entry.repr]

    def __repr__(self: object) -> str:  # noqa: N807
        return f"{cls.__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in names)})"

    cls.__repr__ = __repr__  # type: ignore[assignment]
