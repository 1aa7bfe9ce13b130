"""The project's own workflow runs what the Makefile has, with actions that cannot move."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

TOP = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((TOP / ".github" / "workflows" / "ci.yml").read_text())
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
PRODUCTS = (TOP / "examples" / "ci" / ".github" / "workflows" / "preflight.yml").read_text()


def test_every_target_that_it_makes_is_there():
    made = re.findall(r"^make (.+)$", "\n".join(s.get("run", "") for s in STEPS), re.MULTILINE)
    targets = re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.MULTILINE)
    assert {"lint", "test", "docs", "dist", "test-full"} == set(made)
    assert set(made) <= set(targets)


def test_actions_are_named_by_commit_as_the_files_for_others_name_them():
    for step in STEPS:
        if used := step.get("uses"):
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", used)
            assert used in PRODUCTS


def test_it_may_only_read_and_leaves_no_token_behind():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in WORKFLOW["jobs"].values())
    for step in STEPS:
        if "checkout" in step.get("uses", ""):
            assert step["with"] == {"persist-credentials": False}
    assert all(job["timeout-minutes"] for job in WORKFLOW["jobs"].values())
