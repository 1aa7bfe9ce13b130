"""solve/unknown-package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Spec
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.channels import Channels
    from conda_preflight.solving.solves import Solves

Absence = tuple[Spec, str, str]
MAX_SINGLE = 3
"""So many lines are told one by one; more have one cause."""


@check("solve/unknown-package", Severity.ERROR)
def unknown_package(manifest: Manifest, solves: Solves, channels: Channels) -> Iterator[Problem]:
    """The manifest asks for what no channel of it has.

    Either no channel has a package of that name, which is often a name of pip's, a typing error
    or a channel left out; or the package is there, and no build of it has the version or the
    build string that is asked for. Builds of an export are replaced by newer ones over time.

    A build that the channel took back is told by `solve/withdrawn-build`.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - nunpy
    ```

    ```text main/linux-64.packages
    numpy 1.26.4
    ```

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - numpy=1.27
      - scipy=1.11.4=py311h64a7726_9
    ```

    ```text main/linux-64.packages
    numpy 1.26.4
    numpy 2.0.0
    scipy 1.11.4 py311h64a7726_1
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main, extra]
    dependencies:
      - numpy=1.26
      - team-tools
    ```

    ```text main/linux-64.packages
    numpy 1.26.4
    ```

    ```text extra/noarch.packages
    team-tools 0.3
    ```

    ## Fix

    Correct the name, add the channel that has the package, or ask for a version that is there.
    Leave build strings out: a version is enough.
    """
    missing: dict[int, tuple[Absence, list[str]]] = {}
    unsolved = solves.unsolved(manifest) if solves.is_nowhere(manifest) else {}
    for platform, asked in unsolved.items():
        absent = solves.absent(manifest, platform)
        withdrawn = channels.withdrawals([line for line, *_ in absent], asked)
        for each in absent:
            if each[0] not in withdrawn:
                missing.setdefault(id(each[0]), (each, []))[1].append(platform)
    rows = list(missing.values())
    if len(rows) <= MAX_SINGLE:
        yield from (_one(each, platforms) for each, platforms in rows)
    else:
        yield _many(rows)


def _one(each: Absence, platforms: Sequence[str]) -> Problem:
    line, why, hider = each
    return Problem(
        line.name,
        f"On {', '.join(platforms)}: {why}",
        line.location,
        f"Write `{hider}::{line.text.strip()}`, or put that channel first."
        if hider
        else "Correct the line, or add the channel that has it.",
    )


def _many(rows: Sequence[tuple[Absence, list[str]]]) -> Problem:
    from conda_preflight.solving.telling import joined

    (first, why, _), platforms = rows[0]
    lines = [line for (line, *_), _ in rows]
    return Problem(
        "dependencies",
        f"{len(rows)} lines ask for what no channel of the manifest has on "
        f"{', '.join(platforms)}: {joined([line.text.strip() for line in lines], MAX_SINGLE)}. "
        f"{why}",
        first.location,
        "Leave the build strings out, and the lines that nobody asked for: "
        "`conda env export --from-history` writes the others."
        if sum(bool(line.build) for line in lines) * 2 > len(lines)
        else "Correct the lines, or add the channel that has them.",
    )
