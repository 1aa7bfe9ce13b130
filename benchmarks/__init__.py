"""Measurements as ratios in one run; `make bench` prints them."""

from __future__ import annotations

import os

os.environ.setdefault("CONDA_PREFLIGHT_LEDGER", "off")  # measuring is no audit of anybody
