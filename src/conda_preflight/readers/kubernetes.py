"""A Kubernetes manifest: the pods of Deployments, Jobs, InferenceServices, RayClusters ...

Whatever the kind of an object, what has ``containers`` is taken for a pod.
Source: the API reference of Kubernetes (PodSpec, Container, SecurityContext).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conda_preflight.documents import Document, Location, Source, Workload
from conda_preflight.errors import ReadError
from conda_preflight.grammar.pod import workload_of
from conda_preflight.grammar.yaml_tree import Map, Node, Seq, load, locate
from conda_preflight.pattern import lazy_pattern

MAX_TEXT = 2 * 1024 * 1024
"""Characters of a manifest that is looked at; charts rendered whole are shorter."""

_NO_PODS = frozenset(
    ("WorkloadAllowlist", "ClusterPolicy", "Policy", "CustomResourceDefinition", "Kustomization")
)
"""Kinds that speak of containers and run none."""

_VERSION = lazy_pattern(r"^[\"']?apiVersion[\"']?[ \t]*:", re.MULTILINE)
_KIND = lazy_pattern(r"^[\"']?kind[\"']?[ \t]*:", re.MULTILINE)
_COMMENT = r"(?:#[^\n]{0,300})?\n"
_CONTAINERS = lazy_pattern(
    r"(?:^[ \t-]{0,200}|[{,][ \t]{0,20})[\"']?containers[\"']?[ \t]{0,20}:[ \t]{0,20}"
    rf"(?:[\[&*]|{_COMMENT}(?:[ \t]{{0,200}}{_COMMENT}){{0,20}}[ \t]{{0,200}}(?:-|\{{\{{))",
    re.MULTILINE,
)
"""The key with a list, and not the schema of one, as definitions of resources have it."""
_FILLED_IN = lazy_pattern(
    r"\{\{-|-\}\}|\{%|\{\{[ \t]*(?:[.$(/]|(?:if|else|end|range|with|include|template|toYaml|tpl"
    r"|define|default|quote|printf|required|lookup|now)\b)"
)


def recognizes(source: Source) -> bool:
    """YAML with ``apiVersion`` and ``kind`` at its top and ``containers`` in it, to 2 MiB."""
    if len(source.text) > MAX_TEXT or not source.path.lower().endswith((".yml", ".yaml")):
        return False
    marks = (_VERSION, _KIND, _CONTAINERS)
    return all(mark.search(source.text) for mark in marks)


def read(source: Source) -> list[Document]:
    """One Workload for each pod; for a template that is not filled in, one that says so.

    Raises ReadError for a text that is no YAML, and for one longer than MAX_TEXT.
    """
    if len(source.text) > MAX_TEXT:
        raise ReadError("This manifest is larger than 2 MiB", "Audit the workload alone.")
    if _FILLED_IN.search(source.text):
        return [_template(source)]
    try:
        tops = load(source.text).documents
    except ReadError:
        if "{{" in source.text:
            return [_template(source)]
        raise
    return [found for top in tops for found in _pods(top, source)]


def _template(source: Source) -> Workload:
    return Workload(source.path, Location(source.path, 1, 1), is_template=True)


def _pods(top: Node, source: Source) -> Iterator[Workload]:
    """The pods below a node, in file order, each with the nearest object around it."""
    seen: set[int] = set()
    todo: list[tuple[Node, Map | None]] = [(top, None)]
    while todo:
        here, owner = todo.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, Seq):
            todo.extend((item, owner) for item in reversed(here.items))
        elif isinstance(here, Map):
            owner = here if here.text("apiVersion") and here.text("kind") else owner
            if owner and owner.text("kind") in _NO_PODS:
                continue
            if owner and _is_pod(here):
                yield workload_of(here, owner, locate(here, source.path), source.lines)
            else:
                todo.extend((value, owner) for _, value in reversed(here.pairs))


def _is_pod(node: Map) -> bool:
    found = node.get("containers")
    return isinstance(found, Seq) and any(isinstance(item, Map) for item in found.items)
