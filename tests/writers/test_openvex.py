import json

from conda_preflight.advisories.vex import parse
from conda_preflight.documents import Location
from conda_preflight.report import Finding, Outcome, Problem, Report, Severity, Status, Verdict
from conda_preflight.writers import write


def finding(name: str, **more) -> Finding:
    problem = Problem(
        f"pillow {name}",
        f"pillow has {name}",
        Location("x.lock", 3),
        fix="Upgrade pillow to 10.3.0.",
        ids=(name, "GHSA-1"),
        purls=("pkg:conda/pillow@9.5.0?build=py_0", "pkg:pypi/pillow@9.5.0"),
    )
    return Finding("vuln/known", Severity.ERROR, problem, **more)


def statements(*found: Finding) -> dict[str, dict]:
    outcome = Outcome("vuln/known", "x.lock", Status.FAILED, found)
    document = json.loads(write("openvex", Report(Verdict.NO_GO, (), (), (outcome,), ())))
    return {each["vulnerability"]["name"]: each for each in document["statements"]}


def test_each_vulnerability_has_its_status():
    told = statements(
        finding("CVE-1"),
        finding("CVE-2", muted="ours only", stance="not_affected/component_not_present"),
        finding("CVE-3", muted="accepted until spring"),
        finding("CVE-4", muted="made up", stance="not_affected/because"),
    )
    assert told["CVE-1"]["status"] == "affected"
    assert told["CVE-1"]["action_statement"] == "Upgrade pillow to 10.3.0."
    assert told["CVE-2"]["justification"] == "component_not_present"
    assert told["CVE-2"]["impact_statement"] == "ours only"
    assert told["CVE-3"]["status"] == "affected"
    assert "justification" not in told["CVE-4"]


def test_what_is_written_is_read_again():
    outcome = Outcome(
        "vuln/known", "x", Status.FAILED, (finding("CVE-2", muted="m", stance="not_affected"),)
    )
    (read,) = parse(write("openvex", Report(Verdict.GO, (), (), (outcome,), ())))
    assert read.ids == ("CVE-2", "GHSA-1")
    assert read.products[0].startswith("pkg:conda/pillow@9.5.0")
