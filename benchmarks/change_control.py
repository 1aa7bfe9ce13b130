"""``python -m benchmarks.change_control``: what signing, verifying and ``--since`` take.

The example that is a GO, in a repository of its own; processor time of whole commands with what
they start, which take turns, and the least of each.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 15
EXAMPLE = Path(__file__).parents[1] / "examples" / "chatbot_infer_prod"
PROGRAM = (sys.executable, "-m", "conda_preflight")
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
VERIFY = ("verify", "conda-lock.yml.dsse.json", "--key", "key.pub", "--lock", "conda-lock.yml")


COMMANDS = {
    "`audit`": ("audit", "--no-ledger"),
    "`audit --since HEAD`": ("audit", "--since", "HEAD", "--no-ledger"),
    "`attest`, which audits": ("attest", "--key", "key.pem"),
    "`attest --report`": ("attest", "--key", "key.pem", "--report", "report.json"),
    "`verify`": VERIFY,
}


def main() -> None:
    """Print a row for each command."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        _prepare(project)
        for words in COMMANDS.values():
            _run(project, *words)
        rounds = [[_run(project, *words) for words in COMMANDS.values()] for _ in range(RUNS)]
        best = [min(each) for each in zip(*rounds, strict=True)]
        for what, seconds in zip(COMMANDS, best, strict=True):
            row(what, seconds, best[0])
        print(f"envelope: {(project / VERIFY[1]).stat().st_size / 1000:.0f} kB")


def row(what: str, seconds: float, audit: float) -> None:
    """One row of a Markdown table."""
    print(f"| {what} | {seconds * 1000:.0f} ms | {seconds / audit:.2f} x |")


def _prepare(project: Path) -> None:
    shutil.copytree(EXAMPLE, project)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
        subprocess.run([*GIT, *words], cwd=project, check=True)
    make = ("openssl", "genpkey", "-algorithm", "ed25519", "-out", "key.pem")
    subprocess.run(make, cwd=project, check=True)
    show = ("openssl", "pkey", "-in", "key.pem", "-pubout", "-out", "key.pub")
    subprocess.run(show, cwd=project, check=True)
    _run(project, "audit", "--report", "json=report.json", "--no-ledger")


def _run(project: Path, *words: str) -> float:
    begin = _spent()
    subprocess.run(
        [*PROGRAM, *words],
        cwd=project,
        check=True,
        env={**os.environ, "CONDA_PREFLIGHT_CACHE": str(project.parent)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return _spent() - begin


def _spent() -> float:
    """Seconds of processor that ended children took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
