"""Libraries that load another one only when something is asked of them, and how that is asked.

Nothing declares these packages: the library goes without them until the call is made, and then
fails. Each row has the page that says so.
"""

from __future__ import annotations

from conda_preflight.facts.dynamic_need import DynamicNeed
from conda_preflight.facts.needs_of_data import DATA
from conda_preflight.facts.needs_of_frameworks import FRAMEWORKS
from conda_preflight.facts.needs_of_models import LANGUAGE_MODELS
from conda_preflight.facts.needs_of_services import SERVICES

NEEDS: tuple[DynamicNeed, ...] = (*LANGUAGE_MODELS, *FRAMEWORKS, *DATA, *SERVICES)
"""All rows."""

BY_KEY = {need.key: need for need in NEEDS}
"""The rows by key; keys are unique."""
