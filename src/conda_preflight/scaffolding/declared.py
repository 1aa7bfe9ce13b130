"""The files that say what a project needs: manifest, settings of the checklist and of conda."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from conda_preflight.facts.base_glibc import base_glibc
from conda_preflight.imaging.dockerfile import BASE
from conda_preflight.scaffolding.answers import Answers
from conda_preflight.scaffolding.packages import Wanted
from conda_preflight.scaffolding.smoke import SMOKE

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


def settings(answers: Answers, wanted: Wanted, today: date) -> str:
    """The preflight.toml, in which the lock that is still missing is excused for a while."""
    ends = today + timedelta(days=WAIVED_DAYS)
    required = ", ".join(f'"{family}"' for family in _REQUIRED.get(answers.purpose, ("manifest",)))
    return f"""\
# Where this project must run, and what must have been checked for a GO.
platforms = ["{answers.machine.platform}"]
{_target(answers, wanted)}
require = [{required}]

# What `conda-preflight rebuild` tries in the environments that it makes.
[smoke]
script = "{SMOKE}"

# A new project has no lock yet. Run `conda-preflight lock`, and delete this.
[[waivers]]
rule = "lock/missing"
reason = "a new project: the first lock is still to be made"
expires = "{ends.isoformat()}"
"""


def _target(answers: Answers, wanted: Wanted) -> str:
    """The machine, with the facts that a solve needs and its name does not tell."""
    rows, facts = [], [answers.machine.name]
    if wanted.cuda:
        rows.append("# cuda: what `nvidia-smi` shows there, at least; correct it to yours.")
        facts.append(f"cuda={wanted.cuda}")
    if answers.machine.has_image:
        repository, _, tag = BASE.partition(":")
        rows.append(f"# glibc: that of the image's base, {BASE}.")
        facts.append(f"glibc={base_glibc(repository, tag)}")
    return "\n".join([*rows, f'targets = ["{",".join(facts)}"]'])


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
