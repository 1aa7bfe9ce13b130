"""What of a Dockerfile ends in the image that is built: its last stage and those below it."""

from __future__ import annotations

from conda_preflight.documents import Dockerfile, Instruction
from conda_preflight.grammar.image_stage import stages


def final_stages(dockerfile: Dockerfile) -> frozenset[int]:
    """The numbers of the last stage and of those that it goes on from."""
    every = stages(dockerfile)
    found: set[int] = set()
    number = every[-1].number if every else None
    while number is not None:
        found.add(number)
        number = every[number].parent
    return frozenset(found)


def final_instructions(dockerfile: Dockerfile) -> list[Instruction]:
    """The instructions of these stages, in order."""
    kept = final_stages(dockerfile)
    return [i for i in dockerfile.instructions if i.stage in kept]


def last_starts(dockerfile: Dockerfile) -> list[Instruction]:
    """The ENTRYPOINT and the CMD that count: the last of each, in order."""
    last = {
        i.keyword: i for i in final_instructions(dockerfile) if i.keyword in ("ENTRYPOINT", "CMD")
    }
    return sorted(last.values(), key=lambda i: i.location.line)
