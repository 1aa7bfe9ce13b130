"""Every task on every kind of hardware for every purpose, scaffolded and audited.

``python -m benchmarks.scaffolds`` counts the verdicts and lists what was found; with
``--channels URL`` (where bare names of channels live, as conda's ``channel_alias``) what is for
production is solved there too, with the pip half from the index of this machine.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from conda_preflight.access import engines
from conda_preflight.actions import init, lock
from conda_preflight.audit import audit
from conda_preflight.config import settings
from conda_preflight.errors import UsageError
from conda_preflight.facts.presets import names
from conda_preflight.facts.tasks import TASKS
from conda_preflight.grammar.environment_name import PURPOSES
from conda_preflight.project import open_project
from conda_preflight.report import Report
from conda_preflight.scaffolding.answers import Answers, Machine, machine, two_words
from conda_preflight.scaffolding.files import files, section
from conda_preflight.solving.site import Site


def machines() -> Iterator[Machine]:
    """One machine of each platform and capability, of all that have a name."""
    kinds = {(each.platform, each.capability): each for each in map(machine, reversed(names()))}
    return reversed(kinds.values())


def projects() -> Iterator[Answers]:
    """Every task, machine and purpose."""
    for task in TASKS.values():
        stage, _ = two_words("", "", task.name)
        for each in machines():
            for purpose in PURPOSES:
                yield Answers("chatbot", stage, purpose, task, each, "")


def made(answers: Answers, folder: Path) -> None:
    """Write a new project; raises UsageError where the hardware runs nothing of the task."""
    texts = files(answers, datetime.now(UTC).date())
    init.write(folder, init.plan(folder, texts, section(answers), force=False))


def judged(folder: Path) -> Report:
    """What an audit without a network says of a project."""
    chosen = settings(folder, {})
    project = open_project(folder, chosen)
    asked = engines(project, folder, chosen, offline=True, cache=False)
    return audit(project, chosen, datetime.now(UTC).date(), engines=asked)


def unsolved(folder: Path, channels: str) -> str:
    """Why a project has no solution where channels live at that address, empty where it has."""
    chosen = settings(folder, {"channel_alias": channels})
    done = lock.solve(folder, chosen, lock.Wanted(Site(alias=channels)))
    return str(done.refused[0].answer)[:300] if done.refused else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", default="")
    given = parser.parse_args()
    verdicts, findings, refused = Counter[str](), Counter[str](), Counter[str]()
    solves = Counter[str]()
    start = time.perf_counter()
    for answers in projects():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "project"
            try:
                made(answers, folder)
            except UsageError as error:
                refused[f"{answers.task.name}: {error.message}"] += 1
                continue
            report = judged(folder)
            verdicts[report.verdict.value] += 1
            findings.update(
                {f"{f.severity.value} {f.rule}: {f.problem.message}"[:150] for f in report.findings}
            )
            if given.channels and answers.purpose == "prod":
                why = unsolved(folder, given.channels)
                solves[f"{answers.machine.platform}: {'no' if why else 'yes'}"] += 1
                if why:
                    print(answers.task.name, answers.machine.name, why)
    print(dict(verdicts), f"{time.perf_counter() - start:.0f} s")
    for title, table in (("found", findings), ("refused", refused), ("solved", solves)):
        print(f"{title}: {sum(table.values())}")
        for text, count in table.most_common():
            print(f"{count:6} {text}")


if __name__ == "__main__":
    main()
