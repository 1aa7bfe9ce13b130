import json
from datetime import UTC, datetime

import pytest

from conda_preflight.access import vulnerabilities
from conda_preflight.audit import audit
from conda_preflight.config import settings
from conda_preflight.project import open_project
from conda_preflight.report import Severity, Verdict
from conda_preflight.testing import audit_files
from conda_preflight.testing.examples import NOW, TODAY

LOCK = """# platform: linux-64
@EXPLICIT
https://conda.example.org/c/linux-64/pillow-9.5.0-py311h0b84326_1.conda
# pip jinja2==3.1.2
"""
PILLOW, JINJA = "CVE-2024-28219", "CVE-2024-22195"


def record(identifier, name, *events, **more) -> str:
    ranges = [{"type": "ECOSYSTEM", "events": [dict([event]) for event in events]}]
    product = {"ecosystem": more.pop("ecosystem", "PyPI"), "name": name}
    return json.dumps(
        {"id": identifier, "affected": [{"package": product, "ranges": ranges}]} | more
    )


RECORDS = "\n".join(
    (
        record(
            "GHSA-44wm-f244-xhp3",
            "pillow",
            ("introduced", "0"),
            ("fixed", "10.3.0"),
            aliases=[PILLOW],
            database_specific={"severity": "HIGH"},
            summary="Buffer overflow in Pillow",
        ),
        record(
            "GHSA-h5c8-rqwp-cp95",
            "jinja2",
            ("introduced", "0"),
            ("fixed", "3.1.3"),
            aliases=[JINJA, "PYSEC-2024-1"],
            database_specific={"severity": "MODERATE"},
        ),
    )
)


def report(folder, toml="", records=RECORDS, lock=LOCK, **files):
    named = {"conda-linux-64.lock": lock, "advisories.jsonl": records, **files}
    if toml:
        named["preflight.toml"] = toml
    return audit_files(named, folder, "vuln/known")


def told(found) -> dict[str, tuple[Severity, str]]:
    return {
        f.problem.ids[0]: (f.severity, f.muted) for f in found.findings if f.rule == "vuln/known"
    }


def test_the_rating_decides(tmp_path):
    found = report(tmp_path)
    assert told(found) == {PILLOW: (Severity.ERROR, ""), JINJA: (Severity.WARNING, "")}
    assert found.verdict is Verdict.NO_GO
    note = next(each.note for each in found.inputs if each.path == "conda-linux-64.lock")
    assert note == "2 packages: 2 matched against 1 source"


@pytest.mark.parametrize(
    ("options", "pillow", "jinja"),
    [
        ('fail-severity = "medium"', "error", "error"),
        ('fail-severity = "never"', "warning", "warning"),
        ('min-evidence = "vendor"', "note", "note"),
        ("only-fixed = true", "error", "warning"),
        ("epss = 0.5", "error", "error"),
        ("epss = 1", "error", "warning"),
        ("kev = false", "error", "warning"),
    ],
)
def test_a_project_decides_otherwise(tmp_path, options, pillow, jinja):
    likely = json.dumps({"likelihoods": {JINJA: 0.7}})
    found = told(report(tmp_path, f'[rules."vuln/known"]\n{options}\n', f"{likely}\n{RECORDS}"))
    assert (found[PILLOW][0].value, found[JINJA][0].value) == (pillow, jinja)


def test_what_is_exploited_is_an_error_and_comes_first(tmp_path):
    listed = json.dumps({"exploited": {JINJA: "2024-05-01"}})
    found = report(tmp_path, records=f"{listed}\n{RECORDS}")
    assert told(found)[JINJA][0] is Severity.ERROR
    first = max(found.findings, key=lambda finding: finding.problem.gravity)
    assert first.problem.ids[0] == JINJA
    assert "exploited (listed by CISA on 2024-05-01)" in first.problem.message


@pytest.mark.parametrize("unknown", ["warn", "fail"])
def test_what_nobody_rated_has_a_rule_of_its_own(tmp_path, unknown):
    bare = record("PYSEC-1", "pillow", ("introduced", "0"), ("fixed", "10.3.0"))
    found = told(report(tmp_path, f'[rules."vuln/known"]\nunknown = "{unknown}"\n', bare))
    assert found["PYSEC-1"][0] is (Severity.ERROR if unknown == "fail" else Severity.WARNING)


@pytest.mark.parametrize(
    "words",
    [
        'id = "CVE-2024-28219"',
        'id = "ghsa-44wm-f244-xhp3"',
        'id = "CVE-2024-28219"\npackage = "pillow"',
        'id = "CVE-2024-28219"\npackage = "pillow=9.5.*"',
        'id = "CVE-2024-28219"\npackage = "pillow=9.5.0=py311*"',
        'id = "CVE-2024-28219"\npackage = "pkg:pypi/Pillow"',
        'id = "CVE-2024-28219"\npackage = "pkg:conda/pillow@9.5.0?build=py311h0b84326_1"',
        'package = "pillow"',
        'rule = "vuln/known"\nabout = "pillow CVE-2024-*"',
    ],
)
def test_a_waiver_by_any_name(tmp_path, words):
    waiver = f'[[waivers]]\n{words}\nreason = "our own images"\nexpires = "2027-01-31"\n'
    found = report(tmp_path, waiver)
    assert told(found)[PILLOW][1] == "our own images (until 2027-01-31)"
    assert told(found)[JINJA][1] == ""
    assert found.verdict is Verdict.GO


@pytest.mark.parametrize(
    "words",
    [
        'id = "CVE-2024-28220"',
        'id = "CVE-2024-28219"\npackage = "pillow=9.4*"',
        'id = "CVE-2024-28219"\npackage = "pillow=9.5.0=py312*"',
        'id = "CVE-2024-28219"\npackage = "pkg:pypi/pillow@9.4.0"',
    ],
)
def test_a_waiver_of_something_else(tmp_path, words):
    waiver = f'[[waivers]]\n{words}\nreason = "x"\nexpires = "2027-01-31"\n'
    assert told(report(tmp_path, waiver))[PILLOW][1] == ""


def test_a_waiver_that_expired_counts_for_nothing_and_is_told(tmp_path):
    waiver = '[[waivers]]\nid = "CVE-2024-28219"\nreason = "x"\nexpires = "2026-01-31"\n'
    found = report(tmp_path, f'select = ["vuln", "policy"]\n{waiver}')
    assert told(found)[PILLOW][1] == ""
    assert [f.rule for f in found.findings if f.rule.startswith("policy/")] == [
        "policy/expired-waiver"
    ]


def test_vex_frees_a_product(tmp_path):
    statement = {
        "vulnerability": {"name": "GHSA-44wm-f244-xhp3"},
        "products": [{"@id": "pkg:pypi/pillow@9.5.0"}],
        "status": "not_affected",
        "justification": "vulnerable_code_not_present",
    }
    files = {"our.vex.json": json.dumps({"statements": [statement]})}
    found = report(tmp_path, 'vex = ["our.vex.json"]\n', **files)
    assert told(found)[PILLOW] == (
        Severity.ERROR,
        "vulnerable code not present (our.vex.json)",
    )
    stance = next(f.stance for f in found.findings if f.muted)
    assert stance == "not_affected/vulnerable_code_not_present"


def test_a_manifest_is_judged_by_its_exact_lines(tmp_path):
    manifest = "name: a\nchannels: [conda-forge]\ndependencies:\n  - pillow=9.5.0\n  - numpy\n"
    files = {"environment.yml": manifest, "advisories.jsonl": RECORDS}
    found = audit_files(files, tmp_path, "vuln/known")
    assert list(told(found)) == [PILLOW]
    assert found.inputs[0].note == "1 package: 1 matched against 1 source, 1 without a version"


def test_without_a_database_nothing_passes(tmp_path):
    found = audit_files({"conda-linux-64.lock": LOCK}, tmp_path, "vuln/known")
    assert [(o.status.value, o.reason) for o in found.outcomes] == [
        ("skipped", "no advisory database: conda-preflight db update")
    ]


def named(folder, toml):
    (folder / "conda-linux-64.lock").write_text(LOCK)
    (folder / "preflight.toml").write_text(f'select = ["vuln/known"]\n{toml}')
    chosen = settings(folder)
    known = vulnerabilities(chosen, NOW)
    project = open_project(folder, chosen)
    return audit(project, chosen, TODAY, engines={"Vulnerabilities": known})


def test_a_named_database_that_is_not_there_leaves_it_unknown(tmp_path):
    found = named(tmp_path, 'db = "none.sqlite3"\n')
    assert found.verdict is Verdict.UNKNOWN
    assert "There is no advisory database" in found.reasons[0]


def test_a_damaged_database_leaves_it_unknown(tmp_path):
    (tmp_path / "bad.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    found = named(tmp_path, 'db = "bad.sqlite3"\n')
    assert found.verdict is Verdict.UNKNOWN


def test_an_old_database_is_not_believed(tmp_path):
    from conda_preflight.advisories.vulnerabilities import Vulnerabilities
    from conda_preflight.errors import Skip
    from conda_preflight.testing.advisory_records import AdvisoryRecords

    records = AdvisoryRecords(RECORDS, datetime(2026, 11, 1, tzinfo=UTC).isoformat())
    known = Vulnerabilities(lambda: records, NOW, max_age=5.0)
    with pytest.raises(Skip, match="too old"):
        known.source()
    assert "too old" in known.trouble


def test_the_smallest_upgrade_that_the_channels_have_and_that_solves(tmp_path):
    files = {
        "main/linux-64.packages": (
            "pillow 9.5.0\npillow 10.2.0\npillow 10.4.0: python >=3.12\npillow 11.0.0\n"
            "python 3.11\n"
        ),
        "environment.yml": (
            "name: a\nchannels: [https://conda.example.org/main, nodefaults]\n"
            "dependencies:\n  - python=3.11\n  - pillow==9.5.0\n"
        ),
        "advisories.jsonl": RECORDS,
    }
    (finding,) = audit_files(files, tmp_path, "vuln/known").findings
    assert finding.problem.fix == (
        "Upgrade pillow to 10.3.0 or later, which clears it. "
        "The channels have 11.0.0, and the environment still solves with it."
    )


def test_an_upgrade_clears_what_it_can(tmp_path):
    records = "\n".join(
        (
            record("CVE-1-1", "pillow", ("introduced", "9.0"), ("fixed", "9.5.1")),
            record("CVE-1-2", "pillow", ("introduced", "9.0"), ("fixed", "10.3.0")),
            record("CVE-1-3", "pillow", ("introduced", "0"), ("last_affected", "12.0")),
        )
    )
    fixes = {f.problem.fix for f in report(tmp_path, records=records).findings}
    (fix,) = fixes
    assert fix == (
        "Upgrade pillow to 9.5.1 or later, which clears 1 of 3, or to 10.3.0 or later, which "
        "clears 2 of 3; no fixed version of CVE-1-3 is known."
    )


def meta(name, version, *files, **more) -> str:
    paths = [{"_path": path, "path_type": "hardlink"} for path in files]
    record = {"name": name, "version": version, "build": "h_1", "build_number": 1}
    return json.dumps({**record, "files": list(files), "paths_data": {"paths": paths}, **more})


def metadata(name, version) -> str:
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\n"


SITE = "lib/python3.11/site-packages"


def test_a_prefix_is_looked_up_by_what_is_on_disk(tmp_path):
    owned = f"{SITE}/jinja2-3.1.2.dist-info/METADATA"
    files = {
        "prefix/conda-meta/a-name-of-its-own-3.1.2-h_1.json": meta(
            "a-name-of-its-own", "3.1.2", owned
        ),
        f"prefix/{owned}": metadata("Jinja2", "3.1.2"),
        f"prefix/{SITE}/pillow-9.5.0.dist-info/METADATA": metadata("Pillow", "9.5.0"),
        f"prefix/{SITE}/pillow-9.5.0.dist-info/INSTALLER": "pip\n",
        "advisories.jsonl": RECORDS,
    }
    found = audit_files(files, tmp_path, "vuln/known")
    about = {f.problem.about for f in found.findings}
    assert about == {f"a-name-of-its-own {JINJA}", f"pillow {PILLOW}"}


def test_what_a_project_carries_in_itself_is_not_installed(tmp_path):
    files = {
        "prefix/conda-meta/setuptools-80.0-h_1.json": meta(
            "setuptools",
            "80.0",
            f"{SITE}/setuptools-80.0.dist-info/METADATA",
            f"{SITE}/setuptools/_vendor/jinja2-3.1.2.dist-info/METADATA",
        ),
        "advisories.jsonl": RECORDS,
    }
    assert audit_files(files, tmp_path, "vuln/known").findings == ()


def test_a_patch_in_the_recipe_mends_a_build(tmp_path):
    cache = tmp_path / "pkgs" / "libcurl-8.1.2-h_1"
    curl = record("CVE-2023-38545", "curl", ("introduced", "7.69"), ecosystem="Upstream")
    files = {
        "prefix/conda-meta/libcurl-8.1.2-h_1.json": meta(
            "libcurl", "8.1.2", extracted_package_dir=str(cache)
        ),
        "pkgs/libcurl-8.1.2-h_1/info/recipe/socks.patch": "Subject: fix CVE-2023-38545\n--- a\n",
        "preflight.toml": 'select = ["vuln"]\nexclude = ["pkgs"]\n',
        "advisories.jsonl": curl,
    }
    found = audit_files(files, tmp_path, "vuln")
    told = {f.rule: f.problem.message for f in found.findings}
    assert "vuln/known" not in told
    assert "fixed by a patch: libcurl (CVE-2023-38545)" in told["vuln/doubtful"]
