"""The page in a real browser: hostile text stays text, and the script only filters."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conda_preflight.writers import write

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on PATH")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def dumped(folder: Path, page: str) -> str:
    file = folder / "report.html"
    file.write_text(page, encoding="utf-8")
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [CHROMIUM, *FLAGS, profile, "--dump-dom", file.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return done.stdout.decode()


def test_hostile_names_stay_text(tmp_path, report):
    dom = dumped(tmp_path, write("html", report))
    assert "<img" not in dom
    assert "&lt;img src=x onerror=alert(1)&gt;" in dom
    assert re.search(r'<form class="filter">', dom), "the script of the page has run"
    assert not re.search(r"<[^>]+ on\w+=", dom)


def test_a_script_that_slipped_through_does_not_run(tmp_path, report):
    forged = (
        "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"
    )
    page = write("html", report).replace("</main>", f"{forged}</main>")
    assert "<title>UNKNOWN" in dumped(tmp_path, page)


def test_the_probe_of_the_test_above_would_see_a_script(tmp_path, report):
    page = write("html", report).replace("Content-Security-Policy", "X-None")
    page = page.replace("</main>", "<script>document.title = 'taken'</script></main>")
    assert "<title>taken" in dumped(tmp_path, page)
