"""Each claim of SECURITY.md names tests that are there."""

from __future__ import annotations

import ast
import re

from docs.generate import TOP

PAGE = (TOP / "SECURITY.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)


def test_every_border_names_tests_that_exist():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "Border" not in line]
    assert len(rows) > 10
    assert all("::test_" in row for row in rows)
    for file, name in NAMED:
        tree = ast.parse((TOP / file).read_text())
        found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in found, f"{file} has no {name}"
