"""Our rules for Dockerfiles beside hadolint's, on the Dockerfiles of a folder.

``python -m benchmarks.dockerfiles FOLDER`` counts, for each rule of either side, the files that it
speaks of, and how many of these the other side says anything about at all.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.catalog import checks
from conda_preflight.documents import Dockerfile
from conda_preflight.engines.hadolint import HadolintProgram, find
from conda_preflight.errors import Skip
from conda_preflight.intake import read_file
from conda_preflight.report import Severity


def ours(document: Dockerfile) -> Iterator[tuple[str, Severity]]:
    """The rules of family image that need nothing but the file."""
    for check in checks():
        if check.rule.family == "image" and not check.rule.needs:
            for problem in check.function(document):
                yield check.rule.id, problem.severity or check.rule.severity


def theirs(program: HadolintProgram, text: str) -> list[str]:
    try:
        return [remark.code for remark in program.remarks(text)]
    except Skip:
        return ["(no answer)"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    program = find()
    if isinstance(program, str):
        parser.exit(2, f"{program}\n")
    files, here, there, severities = 0, Counter[str](), Counter[str](), Counter[str]()
    for path in sorted(given.folder.iterdir()):
        for document in read_file(path, path.name):
            if not isinstance(document, Dockerfile):
                continue
            files += 1
            found = list(ours(document))
            here.update({rule for rule, _ in found})
            severities.update(severity.value for _, severity in found)
            text = path.read_text(encoding="utf-8", errors="replace")
            there.update(set(theirs(program, text)))
    print(f"{files} Dockerfiles; findings here by weight: {dict(severities)}\n")
    print("| rule | files |\n|---|---:|")
    for rule, count in (*here.most_common(), *there.most_common()):
        print(f"| `{rule}` | {count} |")


if __name__ == "__main__":
    main()
