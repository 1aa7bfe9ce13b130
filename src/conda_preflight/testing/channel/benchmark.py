"""A channel as large as the public ones, for benchmarks of solvers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from random import Random

_FAMILY = 100  # packages depend on packages of their own family, as real stacks do
_VERSIONS = 20


def write_benchmark_channel(
    channel: Path, count: int = 200_000, *, subdir: str = "linux-64", seed: int = 0
) -> Path:
    """Write a channel of so many records, and return its directory.

    Packages are named ``package-0`` to ``package-N``, with 20 versions each. Those of one
    hundred depend on each other, so that the closure of ``package-99`` is about a hundred
    names and its newest version always solves. Records are written one by one: memory
    stays small. The same seed gives the same bytes.
    """
    for folder, rows in ((subdir, _rows(count, subdir, Random(seed))), ("noarch", iter(()))):  # noqa: S311
        file = channel / folder / "repodata.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8") as out:
            out.write(f'{{"info":{{"subdir":"{folder}"}},"packages":{{}},"packages.conda":{{')
            out.writelines(itertools.chain(itertools.islice(rows, 1), (f",{r}" for r in rows)))
            out.write('\n},"removed":[],"repodata_version":1}\n')
    return channel


def _rows(count: int, subdir: str, random: Random) -> Iterator[str]:
    for number in range(-(-count // _VERSIONS)):
        needs = _needs(number, random)
        for version in range(min(_VERSIONS, count - number * _VERSIONS)):
            yield _row(f"package-{number}", version, subdir, needs, random)


def _needs(number: int, random: Random) -> list[int]:
    """Up to five packages of the family that come before this one, the one before always."""
    first = number - number % _FAMILY
    earlier = range(first, number)
    near = [number - 1] if earlier else []
    return sorted({*near, *random.sample(earlier, min(4, len(earlier)))})


def _row(name: str, version: int, subdir: str, needs: list[int], random: Random) -> str:
    # Each version asks for what is at least half as old, so that newest goes with newest.
    depends = ",".join(f'"package-{need} >=1.{version // 2}.0,<2.0a0"' for need in needs)
    build = f"h{random.getrandbits(28):07x}_0"
    return (
        f'\n"{name}-1.{version}.0-{build}.conda":{{"build":"{build}","build_number":0,'
        f'"depends":[{depends}],"license":"BSD-3-Clause","md5":"{random.getrandbits(128):032x}",'
        f'"name":"{name}","sha256":"{random.getrandbits(256):064x}",'
        f'"size":{random.randrange(10**3, 10**7)},"subdir":"{subdir}",'
        f'"timestamp":{1_600_000_000_000 + version * 10_000_000_000},"version":"1.{version}.0"}}'
    )
