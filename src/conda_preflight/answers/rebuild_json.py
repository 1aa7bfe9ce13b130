"""``rebuild`` as JSON, version 1, in ASCII."""

from __future__ import annotations

import json
from typing import Any

from conda_preflight.rebuilding.outcome import Build, Comparison, Rebuilt, Trial

VERSION = 1


def write(outcome: Rebuilt) -> str:
    """One JSON document that ends with a line feed; ``docs/rebuild.md`` has its keys."""
    compared = outcome.comparison
    document = {
        "schema_version": VERSION,
        "good": outcome.good,
        "lock": outcome.lock,
        "platform": outcome.platform,
        "environment": outcome.environment or None,
        "packages": dict(sorted(outcome.packages.items())),
        "digests": {
            "sha256": outcome.digests.sha256,
            "md5": outcome.digests.md5,
            "none": outcome.digests.none,
            "total": outcome.digests.total,
        },
        "fetched": outcome.digests.fetched,
        "cached": outcome.digests.cached,
        "local": outcome.digests.local,
        "archive_bytes": outcome.digests.size,
        "builds": [_build(build) for build in outcome.builds],
        "smoke_tests": [_trial(trial) for trial in outcome.trials],
        "comparison": _comparison(compared) if compared else None,
        "link_scripts": {"packages": list(outcome.scripts), "ran": outcome.scripts_ran},
        "kept": outcome.kept or None,
        "notes": list(outcome.notes),
    }
    return json.dumps(document, indent=2) + "\n"


def _build(build: Build) -> dict[str, Any]:
    return {"files": build.files, "bytes": build.size, "seconds": round(build.seconds, 3)}


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "test": trial.subject,
        "build": trial.build,
        "passed": trial.passed,
        "seconds": round(trial.seconds, 3),
        "reason": trial.reason or None,
        "output": trial.output or None,
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "compared": found.compared,
        "explained": {cause: list(paths) for cause, paths in found.explained.items()},
        "unexplained": [{"path": each.path, "what": each.what} for each in found.unexplained],
    }
