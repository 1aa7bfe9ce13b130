"""Bills of real locks hold each package once and only what they name."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from conda_preflight.actions.sbom import FORMATS, Form, make, opened
from conda_preflight.errors import PreflightError
from conda_preflight.opening import source_of
from conda_preflight.readers import cyclonedx, spdx
from conda_preflight.selection import Choice

BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
LOCKS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", BESIDE)) / "locks"
FILES = sorted(file for file in LOCKS.glob("*") if file.suffix != ".csv")[::10]
READERS = {"cyclonedx": cyclonedx, "spdx": spdx}


@pytest.mark.corpus
@pytest.mark.skipif(not FILES, reason="the collection of real locks is not on this machine")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_bill_of_a_real_lock_holds_all_of_it(file):
    try:
        found = opened(file, Choice())
    except PreflightError as error:
        pytest.skip(error.message)
    names = {
        (p.manager, p.name, p.version)
        for one in found.installations
        for p in one.packages
        if not p.name.startswith("__")
    }
    for form in FORMATS:
        text = make(found, Form(form))
        assert make(found, Form(form)) == text
        (read,) = READERS[form.partition("-")[0]].read(source_of(text.encode(), "a.json"))
        assert {(p.manager, p.name, p.version) for p in read.packages} == names
        if form.startswith("cyclonedx"):
            _closed(json.loads(text))


def _closed(bill):
    refs = [component["bom-ref"] for component in bill["components"]]
    assert len(refs) == len(set(refs))
    known = {*refs, bill["metadata"]["component"]["bom-ref"]}
    for dependency in bill["dependencies"]:
        assert {dependency["ref"], *dependency.get("dependsOn", ())} <= known
