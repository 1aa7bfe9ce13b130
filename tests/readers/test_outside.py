from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.readers import outside

SITE = "lib/python3.11/site-packages"
LINES = st.sampled_from(
    ("home = \0", "home = /\udcff", "/\0", ".", "..", "~", "a" * 5000, "import x", "\ufeff", "")
)


@pytest.fixture(scope="module")
def prefix(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("env")
    (root / SITE).mkdir(parents=True)
    (root / "conda-meta").mkdir()
    return root


@given(st.lists(LINES | st.text(max_size=9), max_size=6), st.booleans())
def test_it_never_raises(prefix, lines, system):
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    (prefix / SITE / "a.pth").write_bytes(text)
    told = f"include-system-site-packages = {str(system).lower()}\n".encode()
    (prefix / "pyvenv.cfg").write_bytes(text + b"\n" + told)
    assert outside.read(prefix, {}, prefix / "home").folders == ()
