"""image/over-budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Package
from conda_preflight.facts.needless import kind_of
from conda_preflight.grammar.byte_size import bytes_of, shown_size
from conda_preflight.report import Problem, Severity

_SHOWN = 5


@check("image/over-budget", Severity.ERROR)
def over_budget(lock: Lock, *, budget: str = "") -> Iterator[Problem]:
    """The packages of the lock are larger than an image may be.

    Every node pulls them before the first request is answered. `budget` says how large they may
    be together as they are downloaded, for each platform: `"6 GiB"` or `"900 MB"`. Layers of an
    image are about as large. Without `budget` nothing is judged. Where the lock does not tell
    the size of a package, and those that it tells are within the budget, nobody can say.

    ## Fails

    ```toml preflight.toml
    [rules."image/over-budget"]
    budget = "100 MB"
    ```

    ```yaml pixi.lock
    version: 6
    environments:
      default:
        channels: [{url: https://conda.example.org/main/}]
        packages:
          linux-64:
            - conda: https://conda.example.org/main/linux-64/pytorch-2.5.1-h1_0.conda
            - conda: https://conda.example.org/main/noarch/jupyterlab-4.3.0-h1_0.conda
    packages:
      - conda: https://conda.example.org/main/linux-64/pytorch-2.5.1-h1_0.conda
        sha256: 0000000000000000000000000000000000000000000000000000000000000000
        size: 98000000
      - conda: https://conda.example.org/main/noarch/jupyterlab-4.3.0-h1_0.conda
        sha256: 0000000000000000000000000000000000000000000000000000000000000001
        size: 7000000
    ```

    ## Passes

    ```toml preflight.toml
    [rules."image/over-budget"]
    budget = "100 MiB"
    ```

    ```yaml pixi.lock
    version: 6
    environments:
      default:
        channels: [{url: https://conda.example.org/main/}]
        packages:
          linux-64:
            - conda: https://conda.example.org/main/linux-64/pytorch-2.5.1-h1_0.conda
    packages:
      - conda: https://conda.example.org/main/linux-64/pytorch-2.5.1-h1_0.conda
        sha256: 0000000000000000000000000000000000000000000000000000000000000000
        size: 98000000
    ```

    ## Fix

    Leave out what a server does not need; `conda-preflight image plan` tells what that is and who
    needs it. Or raise `budget`.
    """
    if not budget:
        raise Skip("the settings state no budget")
    limit = bytes_of(budget)
    if limit is None:
        raise Skip(f"{budget[:40]!r} is no size: write budget as '6 GiB'")
    here: dict[str, list[Package]] = {}
    for package in lock.packages:
        if not package.name.startswith("__"):
            here.setdefault(package.platform, []).append(package)
    over = {platform: found for platform, found in here.items() if _size(found) > limit}
    unknown = [p for found in here.values() for p in found if not p.size]
    if unknown and not over:
        raise Skip(f"the lock does not tell the size of {len(unknown)} packages")
    for platform, found in over.items():
        yield _problem(lock, platform, found, limit)


def _size(packages: Sequence[Package]) -> int:
    return sum(package.size for package in packages)


def _problem(lock: Lock, platform: str, packages: Sequence[Package], limit: int) -> Problem:
    ordered = sorted(packages, key=lambda p: (-p.size, p.name))
    needless = [p for p in ordered if kind_of(p.name)]
    least = "at least " if any(not p.size for p in packages) else ""
    idle = ""
    if needless:
        idle = f"; a server needs none of {_named(needless)}: {shown_size(_size(needless))}"
    return Problem(
        about=platform or lock.path,
        message=f"{platform or 'The lock'}: {least}{shown_size(_size(packages))} to download, and"
        f" the budget is {shown_size(limit)}. The largest are {_named(ordered)}{idle}",
        location=lock.location,
        fix="Leave out what is not needed, see `conda-preflight image plan`, or raise the budget.",
    )


def _named(packages: Sequence[Package]) -> str:
    first = ", ".join(f"{p.name} ({shown_size(p.size)})" for p in packages[:_SHOWN])
    more = len(packages) - _SHOWN
    return f"{first} and {more} more" if more > 0 else first
