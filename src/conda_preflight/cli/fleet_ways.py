"""The ways in which ``fleet`` asks, and which options say something in each of them."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from conda_preflight.errors import UsageError

_ALL = ("here", "answers", "ray", "hosts", "kubernetes", "projects")
_NODES = ("here", "ray", "hosts", "kubernetes")
_AUDITS = (*_NODES, "projects")
_TOLD = ("answers", "ray", "hosts", "kubernetes", "projects")
_ASKS = ("ray", "hosts", "kubernetes", "projects")
_MEANT = {
    "path": _NODES,
    "prefix": _NODES,
    "cache": _NODES,
    "select": _AUDITS,
    "ignore": _AUDITS,
    "verify": _AUDITS,
    "node_timeout": _ASKS,
    "form": _TOLD,
    "reports": _TOLD,
    "quiet": _TOLD,
    "only": ("ray", "kubernetes"),
    "runtime_env": ("ray", "projects"),
    "command": ("hosts",),
    "ssh_config": ("hosts",),
    "nodes": ("here", "kubernetes"),
    "as_log": ("here",),
    "listing": ("here",),
    "workers": ("hosts", "projects"),
    "results": ("projects",),
    **dict.fromkeys(
        (
            "image",
            "namespace",
            "context",
            "kubeconfig",
            "gpus",
            "tolerate",
            "host_prefix",
            "runtime_class",
            "manifests",
        ),
        ("kubernetes",),
    ),
}
"""By parameter; one that is not here says something in every way."""
BOUND = frozenset(_MEANT)


def chosen(given: dict[str, Any]) -> str:
    """The one way in which it is asked.

    Raises UsageError for none or several, and for an option that would be passed over.
    """
    ways = [name for name in _ALL if given[name]]
    if not ways:
        raise UsageError("Who is to be asked?", f"Name one of {_listed(_ALL)}.")
    if len(ways) > 1 and ways != ["ray", "projects"]:
        raise UsageError(f"{' and '.join(f'--{way}' for way in ways)} are different ways")
    way = ways[-1]
    _refuse_elsewhere(way)
    return way


def _refuse_elsewhere(way: str) -> None:
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        if way in _MEANT.get(name, _ALL):
            continue
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = next((text for text in parameter.opts if text.startswith("--")), "PATH")
            raise UsageError(f"{option} says nothing with --{way}", _hint(_MEANT[name]))


def _hint(ways: tuple[str, ...]) -> str:
    return f"It is for {_listed(ways)}."


def _listed(ways: tuple[str, ...]) -> str:
    return ", ".join(f"--{way}" for way in ways)
