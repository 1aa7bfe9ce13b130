"""The pod in a Kubernetes object: its containers, volumes and what it is allowed.

Source: the API reference of Kubernetes (PodSpec, Container, SecurityContext, Volume).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.documents import Command, Container, Location, Name, Workload
from conda_preflight.grammar.ci_steps import text_of
from conda_preflight.grammar.shell import command_of, commands
from conda_preflight.grammar.shell_wrapper import program_at, script_at
from conda_preflight.grammar.yaml_tree import Map, Node, Scalar, Seq, locate
from conda_preflight.pattern import lazy_pattern

_SETTINGS = ("hostPID", "hostIPC", "hostNetwork", "hostUsers")
_PATCH = lazy_pattern(r"\$(?:patch|setElementOrder|retainKeys)")


def workload_of(pod: Map, owner: Map, place: Location, rows: Sequence[str]) -> Workload:
    """The Workload of a mapping with ``containers`` in an object of a manifest."""
    running = [_container(node, place.path, rows) for node in _maps(pod, "containers")]
    first = [_container(n, place.path, rows, is_init=True) for n in _maps(pod, "initContainers")]
    about, shared = owner.get("metadata"), pod.get("resources")
    return Workload(
        path=place.path,
        location=locate(pod.key("containers") or pod, place.path),
        resource=owner.text("kind"),
        name=_title(about) if isinstance(about, Map) else "",
        containers=(*first, *running),
        settings={k: v for k, v in _plain(pod, place.path).items() if k in _SETTINGS},
        security=_plain(pod.get("securityContext"), place.path),
        limits=_plain(shared.get("limits") if isinstance(shared, Map) else None, place.path),
        volumes=dict(_volumes(pod)),
        is_part=any(each.image is None for each in running) or _is_patch(pod),
    )


def _title(about: Map) -> str:
    return about.text("name") or about.text("generateName").rstrip("-")


def _is_patch(pod: Map) -> bool:
    return any(_PATCH.match(key.text) for key, _ in pod.items())


def _container(node: Map, path: str, rows: Sequence[str], *, is_init: bool = False) -> Container:
    resources = node.get("resources")
    amounts = resources if isinstance(resources, Map) else Map(node.line, node.column)
    image = node.get("image")
    words = [*_texts(node.get("command")), *_texts(node.get("args"))]
    written = isinstance(image, Scalar) and not image.empty
    return Container(
        name=node.text("name"),
        location=locate(node.get("name") or node, path),
        image=_name(image, path) if written and isinstance(image, Scalar) else None,
        is_init=is_init and node.text("restartPolicy") != "Always",
        words=tuple(_name(word, path) for word in words),
        commands=tuple(_commands(words, path, rows)),
        variables=tuple(_variables(node, path)),
        requests=_plain(amounts.get("requests"), path),
        limits=_plain(amounts.get("limits"), path),
        claims=tuple(claim.text("name") for claim in _maps(amounts, "claims")),
        mounts={m.text("mountPath"): m.text("name") for m in _maps(node, "volumeMounts")},
        security=_plain(node.get("securityContext"), path),
        pull_policy=node.text("imagePullPolicy"),
    )


def _commands(words: Sequence[Scalar], path: str, rows: Sequence[str]) -> Iterator[Command]:
    """The commands that a list of words starts, those of a shell's text where they stand."""
    texts = [word.text for word in words]
    begin = program_at(texts)
    if begin >= len(words):
        return
    script = script_at(texts[begin:])
    if script is None:
        yield from command_of(texts, locate(words[begin], path))
    else:
        yield from commands(text_of(words[begin + script], path, rows))


def _variables(node: Map, path: str) -> Iterator[tuple[Name, str]]:
    for each in _maps(node, "env"):
        name, value = each.get("name"), each.get("value")
        if isinstance(name, Scalar) and isinstance(value, Scalar) and not value.empty:
            yield _name(name, path), value.text


def _volumes(pod: Map) -> Iterator[tuple[str, tuple[str, str]]]:
    for each in _maps(pod, "volumes"):
        kind = next((key.text for key, _ in each.items() if key.text != "name"), "")
        about = each.get(kind) if kind else None
        detail = (about.text("medium") or about.text("path")) if isinstance(about, Map) else ""
        yield each.text("name"), (kind, detail)


def _maps(node: Map, key: str) -> list[Map]:
    found = node.get(key)
    return [item for item in found.items if isinstance(item, Map)] if isinstance(found, Seq) else []


def _texts(node: Node | None) -> list[Scalar]:
    items = node.items if isinstance(node, Seq) else []
    return [item for item in items if isinstance(item, Scalar)]


def _plain(node: Node | None, path: str) -> dict[str, Name]:
    """The plain values of a mapping by key, at the place of each value."""
    pairs = node.items() if isinstance(node, Map) else ()
    return {
        key.text: _name(value, path)
        for key, value in pairs
        if isinstance(value, Scalar) and not value.empty
    }


def _name(node: Scalar, path: str) -> Name:
    return Name(node.text, locate(node, path))
