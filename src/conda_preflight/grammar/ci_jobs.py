"""The jobs of a CI file, each of which runs on a machine of its own.

Sources: the syntax references of GitHub Actions and CircleCI (``jobs``), GitLab CI (keys at
the top that have a script; those that begin with a dot are shared) and Azure Pipelines
(``stages``, ``jobs``, ``job``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.grammar.yaml_tree import Map, Node, Seq
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

SHARED = ""
MAX_DEPTH = 4
_ALIAS = lazy_pattern(r"[:-][ \t]+\*[A-Za-z_]|<<[ \t]*:|!reference\b")
_FOLDERS = ("working-directory", "working_directory", "workingDirectory")


@document_type
class Part:
    """A job by its name, or what all jobs share; ``folder`` is where its steps run."""

    job: str
    folder: str
    node: Node


def parts_of(node: Node, rows: Sequence[str]) -> Iterator[Part]:
    """The parts of a file in its order; all of it is one where aliases mix the jobs."""
    if isinstance(node, Map) and not any(map(_ALIAS.search, rows)):
        yield from _parts(node, default_folder(node), 0)
    else:
        yield Part(SHARED, "", node)


def _parts(node: Map, folder: str, depth: int) -> Iterator[Part]:
    for key, value in node.items():
        if key.text in ("jobs", "stages") and depth < MAX_DEPTH:
            yield from _jobs(value, folder, depth)
        elif isinstance(value, Map) and value.get("script") and not _is_hidden(key.text):
            yield Part(key.text, default_folder(value) or folder, value)
        else:
            yield Part(SHARED, folder, Map(key.line, key.column, [(key, value)]))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in ("default", "commands")


def _jobs(node: Node, folder: str, depth: int) -> Iterator[Part]:
    """The items of ``jobs`` or ``stages``, which are named by their key or in themselves."""
    if isinstance(node, Map):
        for key, value in node.items():
            own = default_folder(value) if isinstance(value, Map) else ""
            yield Part(key.text, own or folder, value)
    elif isinstance(node, Seq):
        for number, item in enumerate(node.items):
            if isinstance(item, Map) and item.get("jobs"):
                yield from _parts(item, folder, depth + 1)
            else:
                named = isinstance(item, Map) and (item.text("job") or item.text("deployment"))
                yield Part(named or f"#{number}", folder, item)


def default_folder(node: Map) -> str:
    """``defaults.run.working-directory`` of a workflow or a job, or the setting itself."""
    defaults = node.get("defaults")
    run = defaults.get("run") if isinstance(defaults, Map) else None
    holders = [holder for holder in (run, node) if isinstance(holder, Map)]
    found = (holder.text(name) for holder in holders for name in _FOLDERS)
    return next((text for text in found if text), "")
