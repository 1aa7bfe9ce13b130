"""The CUDA that is said of real locks, against what their build strings say by another reading."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conda_preflight.documents import Lock, Package
from conda_preflight.fitting.stacks import stack
from conda_preflight.installation import of_lock
from conda_preflight.intake import read_file

CORPUS = Path(
    os.environ.get("CONDA_PREFLIGHT_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")
)
FRAMEWORKS = ("pytorch", "libtorch", "torch", "tensorflow", "tensorflow-base", "jaxlib")


def truth(package: Package) -> str:
    """By the plain words of a build string or a local version; empty where they say nothing."""
    if package.manager == "pypi":
        if found := re.search(r"\+cu(\d+)(\d)$", package.version):
            return f"{found[1]}.{found[2]}"
        return "cpu" if package.version.endswith("+cpu") else ""
    if found := re.search(r"cuda_?(\d+)\.(\d+)", package.build):
        return f"{found[1]}.{found[2]}"
    if found := re.search(r"cuda_?(\d\d)(\d)(?!\d)", package.build):
        return f"{found[1]}.{found[2]}"
    is_for_cpu = "cpu" in package.build.split("_") and package.name in FRAMEWORKS
    return "cpu" if is_for_cpu else ""


def rows() -> Iterator[tuple[str, Package, str, str]]:
    for file in sorted((CORPUS / "locks").iterdir()):
        for lock in read_file(file, file.name):
            if isinstance(lock, Lock):
                for place in of_lock(lock):
                    said = {
                        n.package: n.flavour if n.flavour == "cpu" else n.cuda
                        for n in stack(place).needs
                    }
                    for package in place.packages:
                        if expected := truth(package):
                            yield file.name, package, expected, said.get(package, "")


@pytest.mark.corpus
@pytest.mark.skipif(not (CORPUS / "locks").is_dir(), reason="the corpus is not here")
def test_every_build_string_is_read_as_it_says():
    found = list(rows())
    wrong = [(file, p.name, p.build, want, got) for file, p, want, got in found if want != got]
    assert wrong == []
    assert len(found) > 300
    assert len({file for file, *_ in found}) >= 30
