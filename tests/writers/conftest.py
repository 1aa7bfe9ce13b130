"""One report with every status, every severity and hostile names, and golden files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conda_preflight.documents import Location
from conda_preflight.report import (
    ChangedLine,
    ChangedPackage,
    ChangedSize,
    Changes,
    Edit,
    Finding,
    Input,
    Outcome,
    Problem,
    Report,
    Rule,
    Severity,
    Status,
    TargetVerdict,
    Verdict,
    fingerprint,
)

GOLDEN = Path(__file__).parent / "golden"
MANIFEST = "environment.yml"
HOSTILE = "\x1b[2J<img src=x onerror=alert(1)>\u202e`|@team\n::error::forged\r##[add-mask]x"
HOSTILE_PATH = "dir <b>&\"'/it's:50%,\u200b@x|`#1.yml"

PAGE = """A package has no version

Without a version, tomorrow's environment is *another* one, and `numpy<2` code breaks.

## Fails

`environment.yml`:

```yaml
dependencies:
  - numpy  # <b>any</b> version
```

## Passes

```yaml
dependencies:
  - numpy=2.1
```

## Fix

- Write the version that you **tested** with.
- Or lock the environment, and
  install from the lock.
"""


def finding(
    rule: str,
    severity: Severity,
    about: str,
    message: str,
    at: Location,
    **more: object,
) -> Finding:
    excerpt, muted = str(more.pop("excerpt", "")), str(more.pop("muted", ""))
    problem = Problem(about, message, at, **more)  # type: ignore[arg-type]
    return Finding(rule, severity, problem, excerpt, muted, fingerprint(rule, at.path, about))


def rule(name: str, severity: Severity, summary: str, page: str = "") -> Rule:
    return Rule(name, severity, summary, page or f"{summary}\n\nMore about it.", ("Manifest",))


def outcome(name: str, subject: str, *findings: Finding) -> Outcome:
    return Outcome(name, subject, Status.FAILED if findings else Status.PASSED, findings)


def unpinned(number: int) -> Finding:
    name = f"package-{number:02}"
    at = Location(MANIFEST, 20 + number, 5, len(name))
    text = f"{name} has no version"
    name_line = f"  - {name}"
    return finding(
        "manifest/unpinned", Severity.WARNING, name, text, at, excerpt=name_line, fix="Pin it."
    )


def sample() -> Report:
    """Every status, severity and kind of text that a writer can meet."""
    error, warning, note = Severity.ERROR, Severity.WARNING, Severity.NOTE
    long_line = "x" * 300 + " --find-me " + "y" * 300
    manifest = [
        finding(
            "manifest/single-equals",
            error,
            "numpy",
            "numpy==2.* asks for a version that is called 2.*, so nothing matches",
            Location(MANIFEST, 7, 4, 10),
            excerpt="\t- numpy==2.*  # 数値計算 e\u0301",
            fix="Write numpy=2.",
            edits=(Edit(Location(MANIFEST, 7, 4, 10), "numpy==2.*", "numpy=2"),),
        ),
        finding(
            "manifest/single-equals",
            error,
            "wide",
            "A wide name stands before the place",
            Location(MANIFEST, 8, 14, 4),
            excerpt="  - 数値計算=e\u0301: spot",
        ),
        finding(
            "manifest/single-equals",
            error,
            "long",
            "The line is long",
            Location(MANIFEST, 9, 302, 9),
            excerpt=long_line,
            fix="Cut it.",
        ),
    ]
    hostile = finding(
        "input/unreadable",
        error,
        HOSTILE,
        HOSTILE,
        Location(HOSTILE_PATH, 3, 2, 5),
        excerpt=HOSTILE,
        fix=HOSTILE,
    )
    muted = replace(
        finding(
            "licence/copyleft",
            error,
            "readline",
            "readline is under GPL-3.0",
            Location("conda-lock.yml", 40, 1),
            muted="We do not ship it, until 2027-01-31",
        ),
        stance="not_affected/component_not_present",
    )
    vulnerable = finding(
        "vuln/known",
        note,
        "pillow",
        "pillow 10.0 has a known vulnerability",
        Location("conda-lock.yml", 80),
        ids=("CVE-2023-50447", "GHSA-3f63-hfp8-52jq"),
        group="pillow 9.5.0 has known vulnerabilities",
        gravity=8.1,
        purls=("pkg:pypi/pillow@9.5.0",),
        row="CVE-2023-50447, 8.1 HIGH, fixed in 10.2.0",
    )
    driver = replace(
        finding(
            "target/old-driver",
            warning,
            "pytorch",
            "pytorch needs driver 580",
            Location("conda-lock.yml", 81, 1),
        ),
        targets=(HOSTILE, "a100"),
    )
    return Report(
        verdict=Verdict.UNKNOWN,
        reasons=("a check crashed", f"4 errors, the first in {HOSTILE_PATH}"),
        rules=(
            rule("manifest/unpinned", warning, "A package has no version", PAGE),
            rule("manifest/single-equals", error, "A version has two equal signs"),
            rule("manifest/silent", error, "Nothing to say"),
            rule("input/unreadable", error, "A file cannot be read"),
            rule("licence/copyleft", error, "A licence asks for the source"),
            rule("vuln/known", error, "A package has a known vulnerability"),
            rule("lock/unhashed", error, "A locked package has no digest"),
            rule("target/old-driver", error, "The driver is too old"),
            rule("target/glibc", error, "The C library is too old"),
            rule("acme/naming", note, "The name is not ours"),
            rule("docs/stale", note, "The README is stale"),
        ),
        outcomes=(
            outcome("acme/naming", MANIFEST),
            outcome("manifest/unpinned", MANIFEST, *map(unpinned, range(1, 15))),
            outcome("manifest/single-equals", MANIFEST, *manifest),
            outcome("input/unreadable", HOSTILE_PATH, hostile),
            outcome("licence/copyleft", "conda-lock.yml", muted),
            outcome("vuln/known", "conda-lock.yml", vulnerable),
            Outcome("lock/unhashed", "", Status.SKIPPED, reason="no Lock in this project"),
            Outcome("target/old-driver", MANIFEST, Status.SKIPPED, reason="needs a Host"),
            replace(outcome("target/old-driver", "conda-lock.yml", driver), targets=driver.targets),
            Outcome("target/old-driver", "conda-lock.yml", Status.PASSED, targets=("l4",)),
            Outcome("target/glibc", MANIFEST, Status.CRASHED, reason="ValueError: <x> \x07"),
            outcome("docs/stale", "README.md"),
        ),
        inputs=(
            Input(MANIFEST, "environment.yml", "ab" * 32),
            Input(
                "conda-lock.yml",
                "conda-lock",
                "cd" * 32,
                {"linux-64": {"conda": 120, "pypi": 3}, "osx-arm64": {"conda": 98}},
                {"conda": 218, "pypi": 3},
            ),
            Input(HOSTILE_PATH, "explicit", "ef" * 32),
        ),
        subject="projects/serve",
        version="1.2.3",
        targets=(
            TargetVerdict("l4", Verdict.GO),
            TargetVerdict(
                HOSTILE,
                Verdict.NO_GO,
                (("target/old-driver", "pytorch"), ("target/old-driver", HOSTILE)),
                unchecked=1,
            ),
            TargetVerdict("a100", Verdict.UNKNOWN, unchecked=3),
        ),
        changes=changes(manifest[0], vulnerable, hostile),
    )


def changes(*findings: Finding) -> Changes:
    """What changed since a revision, in every kind."""
    first, flaw, hostile = findings
    lock = "conda-lock.yml"
    gone = replace(flaw, problem=replace(flaw.problem, ids=("CVE-2023-4863",), about="libwebp"))
    pillow = ChangedPackage(
        lock, "", "upgraded", "pillow", "9.5.0", "10.0.0", 2_400_000, "HPND", "MIT-CMU"
    )
    return Changes(
        since="main",
        lines=(
            ChangedLine(MANIFEST, "conda", "numpy=1.26", "numpy==2.*"),
            ChangedLine(MANIFEST, "channel", "", HOSTILE),
            ChangedLine(MANIFEST, "pip", "einops==0.7", ""),
        ),
        packages=(
            ChangedPackage(lock, "linux-64", "digest", HOSTILE, HOSTILE, HOSTILE, 0),
            ChangedPackage(lock, "linux-64", "added", "zlib", "", "1.3.1"),
            pillow,
        ),
        sizes=(
            ChangedSize(lock, "linux-64", 122, 123, 2_400_000),
            ChangedSize(lock, "osx-arm64", 98, 98),
        ),
        gained=(first, flaw, hostile),
        lost=(gone, replace(hostile, muted="")),
        notes=(f"{HOSTILE_PATH} is new",),
    )


@pytest.fixture
def report() -> Report:
    return sample()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with a golden file, or writes it under ``--update-golden``."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.write_bytes(text.encode("utf-8"))
        assert text.encode("utf-8") == file.read_bytes(), f"{name}: see --update-golden"

    return compare
