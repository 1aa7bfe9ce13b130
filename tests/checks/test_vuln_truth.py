"""The whole way, from a lock as people have it to what the report says, against known truth."""

import gzip
import json
import os
from pathlib import Path

import pytest

from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.project import open_project
from conda_preflight.testing.advisory_records import AdvisoryRecords
from conda_preflight.testing.examples import NOW, TODAY

FACTS = Path(
    os.environ.get("CONDA_PREFLIGHT_FACTS")
    or Path(__file__).resolve().parents[3] / "shared" / "facts"
)
TRUTH = sorted((FACTS / "vuln" / "truth").glob("env*.json"))
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not TRUTH, reason="no known environments beside the repository"),
]


@pytest.fixture(scope="module")
def records():
    text = "".join(
        gzip.decompress((FACTS / "vuln" / name).read_bytes()).decode()
        for name in ("osv-pypi.jsonl.gz", "osv-native.jsonl.gz")
    )
    return AdvisoryRecords(text, NOW.isoformat())


def lock_of(packages) -> str:
    lines = ["# platform: linux-64", "@EXPLICIT"]
    for each in packages:
        name, version = each["name"], each["version"]
        if each["manager"] == "conda":
            url = "https://conda.example.org/conda-forge/linux-64"
            lines.append(f"{url}/{name}-{version}-0.conda")
        else:
            lines.append(f"# pip {name}=={version}")
    return "\n".join(lines) + "\n"


def found_in(folder, packages, records):
    (folder / "conda-linux-64.lock").write_text(lock_of(packages))
    chosen = Settings(select=("vuln",))
    project = open_project(folder, chosen)
    engines = {"Vulnerabilities": Vulnerabilities(lambda: records, NOW)}
    return audit(project, chosen, TODAY, engines=engines)


def plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def told(report) -> dict[tuple[str, str], list[frozenset[str]]]:
    rows: dict[tuple[str, str], list[frozenset[str]]] = {}
    for finding in report.findings:
        if finding.rule == "vuln/known":
            kind, _, rest = finding.problem.purls[0].removeprefix("pkg:").partition("/")
            key = ({"pypi": "pip"}.get(kind, kind), plain(rest.partition("@")[0]))
            rows.setdefault(key, []).append(frozenset(finding.problem.ids))
    return rows


@pytest.mark.parametrize("half", ["pypi", "native"])
def test_recall_and_precision_with_our_own_identities(half, records, tmp_path_factory):
    hits = expected = reported = 0
    for file in TRUTH:
        truth = json.loads(file.read_bytes())
        rows = told(found_in(tmp_path_factory.mktemp("lock"), truth["packages"], records))
        native = {plain(p["name"]) for p in truth["packages"] if p["upstream"]}
        wanted = truth[f"expected_{half}"]
        expected += len(wanted)
        for row in wanted:
            ids = {row["id"], *row["aliases"]}
            same = rows.get((row["manager"], plain(row["package"])), ())
            hits += any(ids & found for found in same)
        is_native = half == "native"
        reported += sum(len(ids) for (_, n), ids in rows.items() if (n in native) is is_native)
    recall, precision = hits / expected, hits / reported
    least = (1.0, 0.99) if half == "pypi" else (0.97, 0.95)
    assert recall >= least[0]
    assert precision >= least[1]


def test_an_old_fine_tuning_environment_shows_its_flaws_and_their_fixes(records, tmp_path):
    packages = [
        {"manager": "conda", "name": name, "version": version}
        for name, version in (("pytorch", "2.0.1"), ("transformers", "4.30.0"))
    ]
    report = found_in(tmp_path, packages, records)
    fixed = {f.problem.ids[0]: f.problem.message for f in report.findings}
    assert "fixed in 2.6.0" in fixed["CVE-2025-32434"]
    for name, version in (("CVE-2023-7018", "4.36.0"), ("CVE-2024-11394", "4.48.0")):
        assert f"fixed in {version}" in fixed[name]
    fixes = {f.problem.group: f.problem.fix for f in report.findings if f.problem.group}
    assert all("clears all of them" in fix for fix in fixes.values())
