"""When projects stop to look at a branch of theirs: after that, advisories are silent on it."""

from __future__ import annotations

from functools import cache
from string import ascii_lowercase

from conda_preflight.facts.table import table


@cache
def branch_ends() -> dict[str, dict[str, str]]:
    """The day on which a branch ends (ISO), by product and the numbers that it begins with."""
    found: dict[str, dict[str, str]] = {}
    for row in table("branch_ends"):
        found.setdefault(row["product"], {})[row["branch"]] = row["ended"]
    return found


def end_of(product: str, version: str) -> tuple[str, str]:
    """The branch of a version and the day on which it ends; empty where the table has none."""
    branches = branch_ends().get(product, {})
    numbers = version.split(".")
    for count in range(len(numbers), 0, -1):
        branch = ".".join(numbers[:count]).rstrip(ascii_lowercase)  # 1.1.1w is of 1.1.1
        if branch in branches:
            return branch, branches[branch]
    return "", ""
