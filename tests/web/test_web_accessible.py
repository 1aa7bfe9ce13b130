"""Every page in a browser, light and dark, wide and narrow: axe finds no serious fault."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.web.test_web_pages import ADDRESSES

pytest.importorskip("websockets", reason="websockets is not installed")

from tests.web.browser import tab

AXE = "axe-core@4.11.0"
pytestmark = pytest.mark.slow
_RUN = """axe.run({resultTypes: ["violations"]}).then(found => found.violations
  .filter(each => ["serious", "critical"].includes(each.impact))
  .map(each => each.id + ": " + each.nodes.map(node => node.html).join(" ")))"""


@pytest.fixture(scope="module")
def axe(tmp_path_factory) -> str:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("axe")
    words = [npm, "install", "--silent", "--ignore-scripts", "--prefix", str(folder), AXE]
    if subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("axe-core could not be fetched")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def page():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    with tab(program) as opened:
        opened.tell("Page.enable")
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault(board, page, axe, scheme):
    page.tell("Page.setBypassCSP", enabled=True)
    faults = {}
    for address in ADDRESSES:
        page.show(f"http://127.0.0.1:{board.port}{address}", scheme)
        page.run(axe)
        faults[address] = page.run(_RUN)
        if shots := os.environ.get("CONDA_PREFLIGHT_SHOTS"):
            name = address.strip("/").replace("/", "-").replace("?", "-")[:40] or "home"
            page.picture(Path(shots, f"{name}-{scheme}.png"))
    assert {address: found for address, found in faults.items() if found} == {}


def test_nothing_is_wider_than_a_phone(board, page):
    wide = []
    for address in ADDRESSES:
        page.show(f"http://127.0.0.1:{board.port}{address}", width=390)
        if page.run("document.documentElement.scrollWidth > 390"):
            wide.append(address)
    assert wide == []


def test_the_policy_holds_in_a_browser(board, page):
    page.tell("Page.setBypassCSP", enabled=False)
    page.show(f"http://127.0.0.1:{board.port}/environments/2")
    acted = page.run(
        """new Promise(done => {
          addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
          document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.acted = 1'>");
          setTimeout(() => done(window.acted || "nothing"), 3000);
        })"""
    )
    assert acted == "script-src-attr"
