"""Which projects of PyPI bring a module, by the name that it is imported by.

Sources: the tables joined here say theirs; for namespaces PEP 420 and the projects' pages.
"""

from __future__ import annotations

from conda_preflight.facts.modules_of_data import DATA
from conda_preflight.facts.modules_of_models import MODELS
from conda_preflight.facts.modules_of_services import SERVICES
from conda_preflight.facts.names import normalized
from conda_preflight.facts.same_names import SAME_NAMES


def _table(*texts: str) -> dict[str, tuple[str, ...]]:
    rows = (word.partition("=") for text in texts for word in text.split())
    return {name: tuple(projects.split("|")) for name, _, projects in rows}


PROJECTS = _table(MODELS, DATA, SERVICES)
"""Projects by the dotted name of a module; the longest name that a module begins with counts."""

IMPORTABLE = frozenset(
    (*map(normalized, SAME_NAMES), *(name for names in PROJECTS.values() for name in names))
)
"""Projects of which it is known that they are imported."""

NAMESPACES = {
    "airflow.providers": "apache-airflow-providers-",
    "aws_cdk": "aws-cdk-",
    "azure": "azure-",
    "azureml": "azureml-",
    "backports": "backports-",
    "databricks": "databricks-",
    "flaskext": "flask-",
    "google.cloud": "google-cloud-",
    "jaraco": "jaraco-",
    "llama_index": "llama-index-",
    "nvidia": "nvidia-",
    "opentelemetry.exporter": "opentelemetry-exporter-",
    "opentelemetry.instrumentation": "opentelemetry-instrumentation-",
    "opentelemetry.propagators": "opentelemetry-propagator-",
    "plone": "plone-",
    "pyannote": "pyannote-",
    "repoze": "repoze-",
    "ruamel": "ruamel-",
    "sphinxcontrib": "sphinxcontrib-",
    "xstatic.pkg": "xstatic-",
    "zc": "zc-",
    "zope": "zope-",
}
"""Namespaces whose parts are projects of their own, and how those are called: source PEP 420 and
the projects' pages."""
