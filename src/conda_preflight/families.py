"""The phases of the checklist: what each family of rules is called, in the order of a flight."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.plain import value_type


@value_type
class Family:
    """One phase of the checklist: the word before the slash of its rules, a title, a sentence."""

    name: str
    title: str
    sentence: str


FAMILIES = tuple(
    Family(*row)
    for row in (
        ("input", "Files read", "Each file is there, readable and of a known format."),
        ("manifest", "Declaration", "What the project asks for is complete and unambiguous."),
        ("solve", "Solve", "What is asked for can be installed, on each platform."),
        ("lock", "Lock", "Each package is pinned to one file with a digest."),
        ("joint", "Joints", "Files that must agree with each other do agree."),
        ("settings", "conda settings", "Conda's own settings do not change the result."),
        ("drift", "Drift", "What is installed is what was locked."),
        ("prefix", "Prefix", "The installed environment is whole and unchanged."),
        ("imports", "Imports", "The code imports what the environment brings, and no more."),
        ("target", "Target", "Drivers, GPUs and system libraries there can run it."),
        ("node", "Node", "The machine itself is in order: driver, devices, limits, variables."),
        ("vuln", "Vulnerabilities", "No package has a known vulnerability."),
        ("licence", "Licences", "Each package may be used and passed on as intended."),
        ("image", "Image", "The image is built from the lock, repeatably and safely."),
        ("freeze", "Freeze", "Nobody can change the environment by accident."),
        ("housekeeping", "Housekeeping", "Nothing stale or wasteful is left behind."),
        ("docs", "Documentation", "What the project says about its environment is true."),
        ("house", "House policies", "The policies of the house deny nothing here."),
        ("policy", "Waivers", "Each exception has a reason, an end, and is still needed."),
    )
)
_ORDER = {family.name: place for place, family in enumerate(FAMILIES)}


def family_of(rule: str) -> str:
    """The family in a rule id: what stands before the slash."""
    return rule.partition("/")[0]


def named(name: str) -> Family:
    """The family of that name; one that a plugin brings has its own name as title."""
    place = _ORDER.get(name)
    return Family(name, name, "") if place is None else FAMILIES[place]


def in_order(names: Iterable[str]) -> tuple[Family, ...]:
    """These families, each once, in the order of the checklist; unknown ones last, by name."""
    ranked = sorted(set(names), key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
    return tuple(named(name) for name in ranked)
