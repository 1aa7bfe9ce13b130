"""docs/out-of-date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Lock, Project, Script, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar.marked_section import marks_of
from conda_preflight.grammar.section_cells import BETWEEN, Cell, cells
from conda_preflight.report import Problem, Severity

_MARK = "conda-preflight"
_FIX = "Write it anew: `conda-preflight docs`."


@check("docs/out-of-date", Severity.WARNING)
def out_of_date(script: Script, project: Project) -> Iterator[Problem]:
    """The section about the environment in a README says something else than the lock.

    `conda-preflight docs` writes that section between two marks, and whoever reads it relies on
    it: on the driver that the cluster must have, on the Python that code may be written for.
    Compared are the digests of lock files, and Python, frameworks, CUDA, driver, cuDNN and NCCL
    where the section has them in a table. `conda-preflight docs --check` compares all of it,
    verdict and waivers too.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```text linux.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ````markdown README.md
    <!-- conda-preflight:begin -->
    | | This environment |
    |---|---|
    | SHA-256 of `linux.lock` | `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` |
    | Python | 3.10.14 |

    ```bash
    conda create --name chatbot_infer_prod --file linux.lock
    ```
    <!-- conda-preflight:end -->
    ````

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11]
    ```

    ```text linux.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ````markdown README.md
    <!-- conda-preflight:begin -->
    | | This environment |
    |---|---|
    | SHA-256 of `linux.lock` | `3bdcfae34089071f55d08a9bd471fa143fa822be68b96ada717e3e4c907a7adf` |
    | Python | 3.11.9 |

    ```bash
    conda create --name chatbot_infer_prod --file linux.lock
    ```
    <!-- conda-preflight:end -->
    ````

    ## Fix

    Run `conda-preflight docs` after each `conda-preflight lock`, and `conda-preflight docs --check`
    in CI. A section whose marks are broken is mended by hand: each mark once, alone on its line.
    """
    source = next((s for s in project.of(Source) if s.path == script.path), None)
    if script.kind != "readme" or source is None or _MARK not in source.text:
        raise Skip("there is no section that `conda-preflight docs` wrote")
    try:
        marks = marks_of(source.lines)
    except ReadError as error:
        yield Problem("marks", error.message, Location(script.path, error.line, 1), error.hint)
        return
    if marks is None:
        raise Skip("there is no section that `conda-preflight docs` wrote")
    yield from _compared(source, source.lines[marks.begin : marks.end - 1], marks.begin, project)


def _compared(
    source: Source, rows: Sequence[str], begin: int, project: Project
) -> Iterator[Problem]:
    # Most pages have no section, and then nothing of this is needed.
    from conda_preflight.grammar.described_lock import locks_of, told

    found = [*cells(rows, begin + 1)]
    digests = [*told(found, source.path, project)]
    missing = [each for each in digests if each.source is None]
    if missing and project.path == ".":
        place = Location(source.path, missing[0].cell.line, 1)
        message = f"The section speaks of {missing[0].written}, which is not in the project"
        yield Problem(missing[0].written, message, place, _FIX)
    locks = locks_of(digests, source.path, project)
    if not locks and not missing:
        raise Skip("no lock here is the one that the section speaks of")
    wrong = [*_other_facts({cell.label: cell for cell in found}, locks, project)]
    other = [each for each in digests if each.source and not each.is_true]
    lines = [each[1] for each in wrong] or [each.cell.line for each in other]
    if lines and locks:
        told_of = "; ".join(each[0] for each in wrong[:6])
        yield Problem(
            "section",
            f"The section was written for another {locks[0].path}"
            + (f": {told_of}" if wrong else ""),
            Location(source.path, lines[0], 1, len(source.line(lines[0]))),
            _FIX,
        )


def _other_facts(
    found: Mapping[str, Cell], locks: Sequence[Lock], project: Project
) -> Iterator[tuple[str, int]]:
    """What the section says of a technology and the lock does not, with the line."""
    from conda_preflight.describing.locked import locked_technologies
    from conda_preflight.describing.technology import LABELS

    facts = {fact.label: BETWEEN.join(fact.lines) for fact in locked_technologies(locks, project)}
    for label in LABELS:
        cell = found.get(label)
        if cell and cell.text != facts.get(label, ""):
            have = facts.get(label) or "none"
            yield f"{label} {cell.text}, where the lock has {have}", cell.line
