"""solve/withdrawn-build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Channel, Manifest, Package, Spec
from conda_preflight.facts.channels import dead
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.channels import Channels
    from conda_preflight.solving.solves import Solves

_BROKEN = "label/broken"


@check("solve/withdrawn-build", Severity.ERROR)
def withdrawn_build(manifest: Manifest, solves: Solves, channels: Channels) -> Iterator[Problem]:
    """The manifest needs a build that its channel took back, or one of a closed channel.

    A channel moves builds that do not work to its label `broken`, or removes them. A line with
    their exact version and build has no solution then, and a channel that is closed or holds
    withdrawn packages gives what nobody should use.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - numpy=1.26.3=py311_1
      - scipy=1.11.0
    ```

    ```text main/linux-64.packages
    numpy 1.26.3 py311_2
    scipy 1.11.1
    - scipy-1.11.0-0.conda
    ```

    ```text main/label/broken/linux-64.packages
    numpy 1.26.3 py311_1
    ```

    ```yaml environment.yml
    channels: [conda-forge/label/broken]
    dependencies:
      - numpy
    ```

    ```text conda-forge/label/broken/linux-64.packages
    numpy 1.26.3 py311_1
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - numpy=1.26.3
    ```

    ```text main/linux-64.packages
    numpy 1.26.3 py311_2
    ```

    ```text main/label/broken/linux-64.packages
    numpy 1.26.3 py311_1
    ```

    ## Fix

    Ask for the next build or version: leave the build string out.
    """
    solutions = solves.solutions(manifest)
    told: dict[str, Problem] = {}
    for platform, solution in solutions.items():
        lines = [] if solution else [line for line, _ in solves.missing(manifest, platform)]
        found = channels.withdrawals(lines, solves.question(manifest, platform))
        for line, how in found.items():
            told.setdefault(line.name, _gone(line, how))
        for channel, packages in _closed(solution or (), manifest.channels).items():
            told.setdefault(channel.text, _taken(channel, packages))
    yield from told.values()


def _gone(line: Spec, how: str) -> Problem:
    return Problem(
        line.name,
        f"`{line.text.strip()}` cannot be had any more: its channel {how}",
        line.location,
        "Ask for the next build or version: leave the build string out.",
    )


def _closed(solution: Iterable[Package], channels: Sequence[Channel]) -> dict[Channel, list[str]]:
    """Packages by the channel of the manifest that nobody should use."""
    closed = [c for c in channels if dead(c.name) or _BROKEN in c.name]
    found: dict[Channel, list[str]] = {}
    for package in solution if closed else ():
        for channel in closed:
            if package.channel.endswith(channel.name):
                found.setdefault(channel, []).append(package.name)
    return found


def _taken(channel: Channel, packages: list[str]) -> Problem:
    row = dead(channel.name)
    return Problem(
        channel.text,
        f"The solution takes {some(packages)} from `{channel.text}`: "
        f"{row.why if row else 'it holds what was withdrawn'}",
        channel.location,
        f"Take them from {row.instead}." if row else "Take the channel out of the list.",
        None if _BROKEN in channel.name or (row and row.closed) else Severity.WARNING,
    )
