"""An image on a base with everything in it against one with what its lock names.

The first is made as many are: a system, a distribution of Python packages in one layer, and the
environment of the application in another, by buildah. The distribution is imitated: public wheels
as conda packages, fewer than Anaconda has. The second is `image build` of the same
application on the same system. Needs Debian's packages buildah and debootstrap, and their index.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.channel_locks import lock, packages

from benchmarks.images import PREFLIGHT, Ways, megabytes, run, timed
from benchmarks.vulnerabilities import FACTS
from conda_preflight.oci.stored import open_image
from conda_preflight.testing.channel import cached_channel
from conda_preflight.testing.channel.index import index_channel

BEFORE = ("numpy==2.*", "pip", "requests==2.32.3")
AFTER = ("numpy==2.*", "pip", "requests==2.32.4")
EVERYTHING = (
    *("numpy==2.*", "pip", "requests==2.32.3", "scipy", "pandas", "matplotlib", "scikit-learn"),
    *("sympy", "jupyterlab", "notebook", "ipywidgets", "bokeh", "pytest", "sphinx", "nltk"),
    *("sqlalchemy", "networkx", "scikit-image", "statsmodels", "flask", "pylint", "black"),
)
MIRROR = "http://deb.debian.org/debian"
DOCKERFILE = """FROM scratch
COPY system /
COPY distribution /opt/conda
COPY environment /opt/conda/envs/app
ENV PATH=/opt/conda/envs/app/bin:/opt/conda/bin:/usr/bin:/bin
"""


def new_bytes(before: Path, after: Path) -> float:
    """Megabytes of layers that a node with the first image pulls for the second."""
    here = {layer.blob.digest for layer in open_image(before).layers}
    new = [layer.blob for layer in open_image(after).layers if layer.blob.digest not in here]
    return sum(blob.size for blob in new) / 1e6


def locked(place: Path, wheels: tuple[str, ...], shared: Path) -> tuple[Ways, tuple[str, ...]]:
    """The ways to an image of these wheels from the shared channel, and the names in it."""
    place.mkdir()
    channel = cached_channel(wheels)
    shutil.copytree(channel, shared, dirs_exist_ok=True)
    index_channel(shared)
    found = packages(channel, shared.as_uri())
    specs = tuple(f"{package.name}={package.version}" for package in found)
    return Ways(place, lock(place / "project", found, "python")), specs


class Context:
    """The folders that buildah copies."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "context"
        self.folder.mkdir()
        (self.folder / "Dockerfile").write_text(DOCKERFILE)
        words = [
            "debootstrap",
            "--variant=minbase",
            "bookworm",
            str(self.folder / "system"),
            MIRROR,
        ]
        subprocess.run(words, check=True, capture_output=True)
        for name in ("proc", "sys", "dev"):  # devices are nothing to copy
            shutil.rmtree(self.folder / "system" / name, ignore_errors=True)

    def put(self, name: str, made: tuple[Ways, tuple[str, ...]], channel: Path) -> None:
        shutil.rmtree(self.folder / name, ignore_errors=True)
        made[0].prefix(self.folder / name, channel, made[1])


def measure(place: Path) -> None:
    context, shared = Context(place), place / "channel"
    everything = locked(place / "everything", EVERYTHING, shared)
    made = [locked(place / "before", BEFORE, shared), locked(place / "after", AFTER, shared)]
    context.put("distribution", everything, shared)
    theirs, ours, images = [], [], []
    for each in made:
        spent = timed(lambda each=each: context.put("environment", each, shared))
        built = timed(lambda: images.append(everything[0].buildah(context.folder, "--layers")))
        theirs.append(spent.wall + built.wall)
    base = ("--base", str(context.folder / "system"))
    for ways, _ in made:
        spent = timed(lambda ways=ways: images.append(ways.ours(place / "cache", *base)))
        ours.append(spent.wall)
    found = flaws(place, images[0]), flaws(place, images[2])
    told(images, found, (theirs, ours))


def flaws(place: Path, image: Path) -> tuple[int, int, int]:
    """Python packages in an image, those of them with known flaws, and the flaws."""
    database, report = place / "advisories.db", place / "report.json"
    if not database.exists():
        run(*PREFLIGHT, "db", "update", "--osv-url", (FACTS / "osv-bucket").as_uri(), "--db",
            database)  # fmt: skip
    words = [*PREFLIGHT, "audit", image, "--select", "vuln", "--db", database, "--report"]
    subprocess.run([*words, f"json={report}"], check=False, capture_output=True)
    told = json.loads(report.read_text())
    findings = [f for f in told["findings"] if f.get("ids")]
    packages = sum(told["coverage"]["packages"].values())
    return packages, len({f["about"] for f in findings}), len({f["ids"][0] for f in findings})


def told(
    images: list[Path], found: tuple[tuple[int, ...], ...], spent: tuple[list[float], ...]
) -> None:
    big, small = megabytes(images[0]), megabytes(images[2])
    pulls = new_bytes(images[0], images[1]), new_bytes(images[2], images[3])
    print("| what | everything, one layer each | what the lock names |\n|---|---:|---:|")
    print(f"| size as shipped | {big:.0f} MB | {small:.0f} MB |")
    print(f"| first build | {spent[0][0]:.0f} s | {spent[1][0]:.0f} s |")
    print(f"| build after one bump | {spent[0][1]:.0f} s | {spent[1][1]:.0f} s |")
    print(f"| pulled after one bump | {pulls[0]:.1f} MB | {pulls[1]:.1f} MB |")
    names = ("packages in it", "packages with known flaws", "known flaws")
    for name, theirs, ours in zip(names, *found, strict=True):
        print(f"| {name} | {theirs} | {ours} |")


def main() -> None:
    for tool in ("buildah", "debootstrap"):
        if not shutil.which(tool):
            print(f"Base images: no {tool} (apt-get install --no-install-recommends {tool})")
            return
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, one run\n")
    with tempfile.TemporaryDirectory() as place:
        measure(Path(place))


if __name__ == "__main__":
    main()
