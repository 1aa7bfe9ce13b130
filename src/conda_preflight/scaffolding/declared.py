"""The files that say what a project needs: manifest, settings of the checklist and of conda."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from conda_preflight.facts.base_glibc import base_glibc
from conda_preflight.imaging.dockerfile import BASE
from conda_preflight.scaffolding.answers import Answers, Machine
from conda_preflight.scaffolding.packages import Wanted

WAIVED_DAYS = 14
"""How long a new project may go without a lock."""
_REQUIRED = {"prod": ("manifest", "settings", "joint"), "staging": ("manifest", "settings")}


def manifest(answers: Answers, wanted: Wanted) -> str:
    """The environment.yml."""
    return "\n".join([*_manifest(answers, wanted), ""])


def _manifest(answers: Answers, wanted: Wanted) -> Iterator[str]:
    yield f"name: {answers.environment}"
    yield "channels:"
    yield from ("  - conda-forge", "  - nodefaults")
    yield "dependencies:"
    yield from (f"  - {line}" for line in wanted.conda)
    if wanted.pip:
        yield "  - pip:"
        yield from (f"      - {line}" for line in wanted.pip)
    yield "platforms:"
    yield f"  - {answers.machine.platform}"


def settings(
    purpose: str, platforms: Sequence[str], target: Sequence[str], script: str, today: date
) -> str:
    """The preflight.toml, in which the lock that is still missing is excused for a while.

    ``target`` are the lines that say where it runs; ``script`` is the smoke test, empty for the
    imports of what is asked for.
    """
    ends = today + timedelta(days=WAIVED_DAYS)
    smoke = [
        "# What `conda-preflight rebuild` tries in the environments that it makes.",
        "[smoke]",
        f'script = "{script}"',
        "",
    ]
    rows = [
        "# Where this project must run, and what must have been checked for a GO.",
        f"platforms = {_listed(platforms)}",
        *target,
        f"require = {_listed(_REQUIRED.get(purpose, ('manifest',)))}",
        "",
        *(smoke if script else []),
        "# There is no lock yet. Run `conda-preflight lock`, and delete this.",
        "[[waivers]]",
        'rule = "lock/missing"',
        'reason = "a new project: the first lock is still to be made"',
        f'expires = "{ends.isoformat()}"',
        "",
    ]
    return "\n".join(rows)


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(json.dumps(text) for text in texts)}]"


def target(machine: Machine, cuda: str) -> tuple[str, ...]:
    """The lines of the machine, with the facts that a solve needs and its name does not tell."""
    rows, facts = [], [machine.name]
    if cuda:
        rows.append("# cuda: what `nvidia-smi` shows there, at least; correct it to yours.")
        facts.append(f"cuda={cuda}")
    if machine.has_image:
        repository, _, tag = BASE.partition(":")
        rows.append(f"# glibc: that of the image's base, {BASE}.")
        facts.append(f"glibc={base_glibc(repository, tag)}")
    return (*rows, f"targets = {_listed([','.join(facts)])}")


def condarc() -> str:
    """The .condarc that goes along with the project."""
    return """\
# conda reads this file where CONDARC names it: export CONDARC="$PWD/.condarc"
channels:
  - conda-forge
  - nodefaults
default_channels: []
channel_priority: strict
auto_update_conda: false
"""
