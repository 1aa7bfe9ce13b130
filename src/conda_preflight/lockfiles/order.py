"""The order in which an explicit list is installed: what is needed before what needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conda_preflight.documents import Package
from conda_preflight.grammar.reach import dependency_name


def topological(packages: Sequence[Package]) -> list[Package]:
    """The packages with each one's dependencies before it, equals by name; a circle is cut.

    A list whose packages do not say what they need keeps its order.
    """
    if not any(package.depends for package in packages):
        return list(packages)
    by_name: dict[str, list[Package]] = {}
    for package in sorted(packages, key=lambda p: (p.name, p.url)):
        by_name.setdefault(package.name, []).append(package)
    needs = {name: _needs(found) for name, found in by_name.items()}
    if "python" in needs:  # it names pip, which needs it, and comes before whatever does
        needs["python"] = [n for n in needs["python"] if "python" not in needs.get(n, ())]
    seen: set[str] = set()
    return [
        p for first in needs for name in _with_needed(first, needs, seen) for p in by_name[name]
    ]


def _needs(packages: Sequence[Package]) -> list[str]:
    return sorted({dependency_name(text) for package in packages for text in package.depends})


def _with_needed(first: str, needs: Mapping[str, list[str]], seen: set[str]) -> Iterator[str]:
    """A name after what it needs and nobody had before; a stack, since chains may be long."""
    todo = [] if first in seen else [(first, iter(needs[first]))]
    seen.add(first)
    while todo:
        name, rest = todo[-1]
        following = next((n for n in rest if n in needs and n not in seen), None)
        if following is None:
            todo.pop()
            yield name
        else:
            seen.add(following)
            todo.append((following, iter(needs[following])))
