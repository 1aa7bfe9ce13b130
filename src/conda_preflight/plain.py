"""How plain values are made: dataclasses that cost little to define.

A hundred classes are defined before a short audit begins, and ``frozen=True`` doubles
what each costs. Here the type checker forbids assignment and no code is generated
for it at run time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_type(cls: type[T]) -> type[T]:
    """A slotted value that is never changed, equal to another of the same content."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def document_type(cls: type[T]) -> type[T]:
    """A slotted value that is never changed, equal to itself alone."""
    return dataclass(slots=True, eq=False)(cls)
