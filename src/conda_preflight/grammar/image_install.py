"""What each RUN of a Dockerfile installs, and which files are there when it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from conda_preflight.documents import Command, Dockerfile, Instruction
from conda_preflight.grammar.image_stage import Stage, Supply, by_instruction, stages
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.grammar.written_file import base
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

_WORD = lazy_pattern(r"[A-Za-z0-9_.+-]+")
_LOOKS = ("rm", "ls", "chmod", "chown", "cat", "test", "[")
_PROGRAM = lazy_pattern(r"\.(?:sh|bash|py)$")
_INSTALLER = lazy_pattern(
    r"(?:mini|ana)conda|forge|^(?:conda|mamba|micromamba)\.sh$|^get-pip", re.IGNORECASE
)


@document_type
class Step:
    """One RUN that installs; ``supply`` goes on changing when the next step is asked for."""

    installs: tuple[Install, ...]
    supply: Supply
    stage: Stage


def steps(dockerfile: Dockerfile) -> Iterator[Step]:
    """The installing RUNs of the stages that are looked at, in order."""
    every = stages(dockerfile)
    supplies: list[Supply] = []
    for instruction, commands in by_instruction(dockerfile):
        if instruction.keyword == "FROM":
            if len(supplies) == len(every):
                return
            stage = every[len(supplies)]
            fresh = Supply(anything="$" in stage.image)  # which stage or image is not known
            supplies.append(fresh if stage.parent is None else supplies[stage.parent].after())
        elif supplies:
            supply = supplies[-1]
            supply.take(instruction)
            if instruction.keyword == "RUN":
                installs = tuple(found for c in commands if (found := install_of(c)))
                supply.made.update(_made(instruction, commands, installs))
                locks = any(install.action == "lock" for install in installs)
                supply.anything = supply.anything or locks or any(map(may_make, commands))
                if installs:
                    yield Step(installs, supply, every[len(supplies) - 1])


def _made(
    instruction: Instruction, commands: Sequence[Command], installs: Sequence[Install]
) -> Iterator[str]:
    """The names that the RUN mentions more often than it installs from, lists or deletes."""
    mentioned = Counter(base(word) for word in _WORD.findall(instruction.value))
    idle = Counter(base(file) for install in installs for file in install.files)
    for command in commands:
        if base(command.words[0]) in _LOOKS:
            idle.update(base(word) for word in command.words[1:])
    mounted = re.findall(r"--mount=(\S{0,500})", instruction.value)
    idle.update(word for text in mounted for word in _WORD.findall(text))
    return (name for name, count in mentioned.items() if "." in name and count > idle[name])


def may_make(command: Command) -> bool:
    """Whether the command runs a program of the project, which may write any file."""
    words = [base(word) for word in command.words[:4]]
    if words[0] in ("make", "cmake", "ninja"):
        return True
    return any(_PROGRAM.search(word) and not _INSTALLER.search(word) for word in words)
