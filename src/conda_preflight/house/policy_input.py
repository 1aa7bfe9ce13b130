"""The ``input`` of a policy: what was read, as plain JSON.

``schemas/policy-input-1.json`` is its schema. What a file does not say is left out, since an
empty text is true in Rego and what is not there is not. Credentials are masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from conda_preflight.documents import (
    Condarc,
    Dockerfile,
    Host,
    Lock,
    Manifest,
    Package,
    Prefix,
    Project,
    Requirement,
    Requirements,
    Source,
    Spec,
    Workload,
)
from conda_preflight.documents.place import Location, Name
from conda_preflight.grammar.url import redact

Json = dict[str, Any]
SCHEMA = "conda-preflight/policy-input/1"
LISTS = (
    "files",
    "manifests",
    "requirements",
    "locks",
    "prefixes",
    "dockerfiles",
    "workloads",
    "condarcs",
    "targets",
)
"""The keys that are always there, each a list."""

KEYS = ("schema", "project", "day", "settings", *LISTS)
_MAY_HIDE = ("/", "=", ":", " ")
"""What is in any text that holds a credential."""


def policy_input(project: Project, settings: Mapping[str, object], day: date) -> Json:
    """The whole input; ``settings`` is what of them is told."""
    return {
        "schema": SCHEMA,
        "project": project.name,
        "day": day.isoformat(),
        "settings": _clean(settings),
        "files": [_file(each) for each in project.of(Source)],
        **{key: [_clean(tell(each)) for each in project.of(kind)] for key, kind, tell in _KINDS},
    }


def _clean(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """Without what is empty, and with credentials masked."""
    if isinstance(value, Mapping):
        return {str(k): _clean(v) for k, v in value.items() if v not in ("", None, (), [], {})}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    if isinstance(value, str):
        plain = value.encode("utf-8", "replace").decode()
        return redact(plain) if any(sign in plain for sign in _MAY_HIDE) else plain
    return value


def _at(place: Location) -> Json:
    return {"file": place.path, "line": place.line or None}


def _file(source: Source) -> Json:
    return {"path": source.path, "sha256": source.sha256, "size": source.size}


def _words(names: Iterable[Name]) -> list[str]:
    return [name.text for name in names]


def _manifest(manifest: Manifest) -> Json:
    specs, pip = map(_spec, manifest.specs), map(_requirement, manifest.pip)
    return {
        **_at(manifest.location),
        "file": manifest.path,
        "kind": manifest.kind,
        "name": manifest.name.text if manifest.name else None,
        "environment": manifest.environment,
        "channels": [
            {"text": c.text, "name": c.name, **_at(c.location)} for c in manifest.channels
        ],
        "dependencies": [*specs, *pip],
        "platforms": _words(manifest.platforms),
        "variables": _words(manifest.variables),
    }


def _spec(spec: Spec) -> Json:
    return {
        "manager": "conda",
        "name": spec.name,
        "text": spec.text,
        "version": spec.version,
        "build": spec.build,
        "channel": spec.channel,
        "url": spec.url,
        "platforms": spec.platforms,
        **_at(spec.location),
    }


def _requirement(line: Requirement) -> Json:
    return {
        "manager": "pip",
        "kind": line.kind,
        "name": line.name,
        "text": line.text,
        "version": line.specifier,
        "extras": line.extras,
        "marker": line.marker,
        "url": line.url,
        "option": line.option,
        "value": line.value,
        "hashes": line.hashes,
        "editable": line.editable or None,
        **_at(line.location),
    }


def _requirements(file: Requirements) -> Json:
    return {"file": file.path, "dependencies": [_requirement(line) for line in file.pip]}


def _lock(lock: Lock) -> Json:
    return {
        "file": lock.path,
        "kind": lock.kind,
        "version": lock.version,
        "name": lock.name,
        "environment": lock.environment,
        "platforms": lock.platforms,
        "channels": [channel.text for channel in lock.channels],
        "packages": [_package(package) for package in lock.packages],
    }


def _package(package: Package) -> Json:
    return {
        "manager": package.manager,
        "name": package.name,
        "version": package.version,
        "build": package.build,
        "platform": package.platform or package.subdir,
        "channel": package.channel,
        "url": package.url,
        "sha256": package.sha256,
        "md5": package.md5,
        "size": package.size or None,
        "licence": package.licence,
        "category": package.category if package.category != "main" else None,
        "editable": package.editable or None,
        **_at(package.location),
    }


def _prefix(prefix: Prefix) -> Json:
    return {
        "file": prefix.path,
        "frozen": prefix.frozen,
        "requested": prefix.requested,
        "packages": [_package(package) for package in prefix.packages],
    }


def _dockerfile(file: Dockerfile) -> Json:
    instructions = [
        {"keyword": i.keyword, "value": i.value, "stage": i.stage, **_at(i.location)}
        for i in file.instructions
    ]
    commands = [{"words": c.words, **_at(c.location)} for c in file.commands]
    return {"file": file.path, "instructions": instructions, "commands": commands}


def _workload(workload: Workload) -> Json:
    containers = [
        {
            "name": each.name,
            "image": each.image.text if each.image else None,
            "init": each.is_init or None,
            "requests": {key: name.text for key, name in each.requests.items()},
            "limits": {key: name.text for key, name in each.limits.items()},
            **_at(each.location),
        }
        for each in workload.containers
    ]
    place = {**_at(workload.location), "file": workload.path}
    return {**place, "kind": workload.resource, "name": workload.name, "containers": containers}


def _condarc(condarc: Condarc) -> Json:
    settings = [{"key": s.key, "value": s.value, **_at(s.location)} for s in condarc.settings]
    return {"file": condarc.path, "settings": settings}


def _target(host: Host) -> Json:
    facts = ("os", "arch", "glibc", "kernel", "driver", "cuda", "archspec", "container")
    gpus = [
        {"name": g.name, "capability": g.capability, "memory_mib": g.memory_mib or None}
        for g in host.gpus or ()
    ]
    told = {key: getattr(host, key) for key in facts}
    return {"file": host.path, "name": host.title, **told, "gpus": gpus}


_KINDS: tuple[tuple[str, type[Any], Callable[[Any], Json]], ...] = (
    ("manifests", Manifest, _manifest),
    ("requirements", Requirements, _requirements),
    ("locks", Lock, _lock),
    ("prefixes", Prefix, _prefix),
    ("dockerfiles", Dockerfile, _dockerfile),
    ("workloads", Workload, _workload),
    ("condarcs", Condarc, _condarc),
    ("targets", Host, _target),
)
