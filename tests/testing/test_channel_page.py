"""The Python of the manual page runs."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "test-channel.md"
BLOCK = re.compile(r"^```python$(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_run_in_their_order(tmp_path, monkeypatch, synthetic_channel, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        exec(block, names)  # noqa: S102
    names["test_numpy_is_found"](synthetic_channel)
    said = capsys.readouterr().out.splitlines()
    assert said == [(tmp_path / "main").as_uri(), "[('/linux-64/repodata.json', 200)]"]
    assert (tmp_path / "many/osx-arm64/repodata.json").exists()
    assert len(list((tmp_path / "own/linux-64").glob("tool-1.0-*"))) == 2
