"""pip-audit beside an audit, on the Python half of known environments.

pip-audit asks a server on this machine, which answers as OSV's service does from the same records
(``vuln/osv-pypi.jsonl.gz`` below CONDA_PREFLIGHT_FACTS), and is told the names at PyPI, as it would
find them in an installed environment. The program is looked for on PATH, or named with --pip-audit.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from benchmarks.vulnerabilities import FACTS
from conda_preflight.advisories.ranges import evaluate
from conda_preflight.advisories.record import parse
from conda_preflight.advisories.versions import key
from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.documents.advisory import Affected
from conda_preflight.facts.names import normalized
from conda_preflight.project import open_project
from conda_preflight.testing.advisory_records import AdvisoryRecords
from conda_preflight.testing.examples import NOW, TODAY

_WHO = ("pip-audit", "here")
Rows = set[tuple[str, frozenset[str]]]
Record = tuple[Affected, dict[str, Any]]


def records() -> dict[str, list[Record]]:
    """Each record as it was written, by the projects that it is about."""
    found: dict[str, list[Record]] = defaultdict(list)
    with gzip.open(FACTS / "osv-pypi.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            times = ("published", "modified", "withdrawn")  # as OSV's service writes them
            raw |= {key: f"{raw[key][:19]}Z" for key in times if raw.get(key)}
            for item in parse(line).affected:
                found[item.name].append((item, raw))
            _mend(raw)
    return found


def _mend(raw: Mapping[str, Any]) -> None:
    """Leave out events that are no versions (``>=3.8.2``), at which pip-audit ends."""
    for item in raw["affected"]:
        for one in item.get("ranges", ()):
            one["events"] = [e for e in one["events"] if all(map(key_of, e.values()))]


def key_of(version: str) -> object:
    return key("pep440", version)


def server(known: Mapping[str, Sequence[Record]]) -> ThreadingHTTPServer:
    """``POST /v1/query`` with a package and a version."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name, version = normalized(asked["package"]["name"]), asked["version"]
            rows = known.get(name, ())
            found = [raw for item, raw in rows if evaluate(item, version).matched]
            body = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def theirs(program: str, url: str, truth: Mapping[str, Any], folder: Path) -> Rows:
    pins = [f"{p['pypi']}=={p['version']}" for p in truth["packages"] if p["pypi"]]
    (folder / "requirements.txt").write_text("\n".join(dict.fromkeys(pins)))
    words = [program, "-r", str(folder / "requirements.txt"), "--no-deps", "--disable-pip"]
    words += ["-s", "osv", "--osv-url", url, "-f", "json", "--progress-spinner", "off"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    if not ran.stdout.startswith("{"):
        sys.exit(f"pip-audit did not answer: {ran.stderr[-800:]}")
    told = json.loads(ran.stdout)
    return {
        (normalized(each["name"]), frozenset((flaw["id"], *flaw["aliases"])))
        for each in told["dependencies"]
        for flaw in each.get("vulns", ())
    }


def ours(truth: Mapping[str, Any], known: AdvisoryRecords, folder: Path) -> Rows:
    """From a lock without anything but names, versions and builds."""
    lines = ["# platform: linux-64", "@EXPLICIT"]
    for each in truth["packages"]:
        pin = f"# pip {each['name']}=={each['version']}"
        url = f"https://conda.example.org/c/linux-64/{each['name']}-{each['version']}-0.conda"
        lines.append(url if each["manager"] == "conda" else pin)
    folder = folder / "project"
    folder.mkdir()
    (folder / "conda-linux-64.lock").write_text("\n".join(lines) + "\n")
    chosen = Settings(select=("vuln/known",))
    engines = {"Vulnerabilities": Vulnerabilities(lambda: known, NOW)}
    report = audit(open_project(folder, chosen), chosen, TODAY, engines=engines)
    named = {p["name"].lower(): normalized(p["pypi"]) for p in truth["packages"] if p["pypi"]}
    return {
        (named[name], frozenset(finding.problem.ids))
        for finding in report.findings
        if (name := finding.problem.about.partition(" ")[0]) in named
    }


def counted(found: Rows, truth: Mapping[str, Any]) -> tuple[int, int, int]:
    """How many expected flaws are among these, how many they are, and how many do not apply."""
    hits = sum(_has(found, row) for row in truth["expected_pypi"])
    wrong = sum(_has(found, row) for row in truth["not_applicable"] if row.get("pypi"))
    return hits, len(found), wrong


def _has(found: Rows, row: Mapping[str, Any]) -> bool:
    ids = {row["id"], *row["aliases"]}
    return any(name == normalized(row["pypi"]) and ids & names for name, names in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pip-audit", default=shutil.which("pip-audit") or "", help="the program")
    program = parser.parse_args().pip_audit
    truths = sorted((FACTS / "truth").glob("env*.json"))
    known = AdvisoryRecords(
        gzip.decompress((FACTS / "osv-pypi.jsonl.gz").read_bytes()).decode(), NOW.isoformat()
    )
    httpd = server(records())
    Thread(target=httpd.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{httpd.server_address[1]}/v1/query"
    heads = ("found", "told", "not applicable")
    print("| environment | flaws |", " | ".join(f"{who}: {h}" for who in _WHO for h in heads), "|")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for file in truths:
        truth = json.loads(file.read_bytes())
        with tempfile.TemporaryDirectory() as folder:
            one = counted(theirs(program, url, truth, Path(folder)), truth) if program else "---"
            two = counted(ours(truth, known, Path(folder)), truth)
        figures = " | ".join(map(str, (len(truth["expected_pypi"]), *one, *two)))
        print(f"| {truth['id']} | {figures} |")
    httpd.shutdown()


if __name__ == "__main__":
    main()
