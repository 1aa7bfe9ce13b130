"""Objects as YAML, in the order in which they are to be made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def as_yaml(things: Iterable[Mapping[str, Any]]) -> str:
    """One document for each object; the same values give the same text."""
    import yaml

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
            return True

    return yaml.dump_all(
        list(things), Dumper=Plain, sort_keys=False, explicit_start=True, width=100
    )
