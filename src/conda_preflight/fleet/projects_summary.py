"""The results of many projects in few numbers, read line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from conda_preflight.fleet.project_results import Result
from conda_preflight.plain import document_type
from conda_preflight.report import Verdict

WORST = 20
UNJUDGED = 200


@document_type
class Summary:
    """Counts over projects; ``worst`` have the most errors, ``unjudged`` could not be judged.

    ``rules`` say for each rule in how many projects it found something, and how much.
    """

    folder: Path
    projects: int
    verdicts: Mapping[str, int]
    rules: Mapping[str, tuple[int, int]]
    worst: tuple[Result, ...]
    unjudged: tuple[Result, ...]

    @property
    def verdict(self) -> Verdict:
        """NO-GO where one is; then UNKNOWN where one is, or there was none; else GO."""
        if self.verdicts.get(Verdict.NO_GO.value):
            return Verdict.NO_GO
        is_unknown = self.verdicts.get(Verdict.UNKNOWN.value) or not self.projects
        return Verdict.UNKNOWN if is_unknown else Verdict.GO


def summary(folder: Path, results: Iterable[Result], meant: Iterable[str]) -> Summary:
    """The summary of the projects that are meant, by the last line of each."""
    wanted = set(meant)
    last = {result.project: result for result in results if result.project in wanted}
    found = [last[name] for name in sorted(last)]
    projects: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for result in found:
        projects.update(result.rules.keys())
        findings.update(result.rules)
    rules = {rule: (count, findings[rule]) for rule, count in projects.most_common()}
    worst = sorted(found, key=lambda r: (-r.errors, -r.warnings, r.project))[:WORST]
    unjudged = [each for each in found if each.verdict == Verdict.UNKNOWN.value]
    return Summary(
        folder,
        len(found),
        Counter(each.verdict for each in found),
        rules,
        tuple(each for each in worst if each.errors or each.warnings),
        tuple(unjudged[:UNJUDGED]),
    )
