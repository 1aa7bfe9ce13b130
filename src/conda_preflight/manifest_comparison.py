"""What changed between two manifests: what they are called, where they look, what they ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

from conda_preflight.documents import Manifest, Requirement, Requirements, Spec
from conda_preflight.grammar.asked import shown
from conda_preflight.grammar.url import redact
from conda_preflight.installation import Place
from conda_preflight.plain import value_type

Document = Manifest | Requirements


@value_type
class LineChange:
    """A line that came (``old`` is empty), went (``new`` is empty) or changed.

    ``part`` is "name", "channel", "platform", "virtual package", "variable", "conda" or "pip".
    """

    part: str
    old: str
    new: str


@value_type
class ManifestChange:
    """What changed in the manifest of one environment; texts are without credentials.

    ``old`` or ``new`` are the files, empty where that side has no such environment;
    ``reordered`` says that the same channels stand in another order.
    """

    environment: str
    old: str
    new: str
    lines: tuple[LineChange, ...]
    reordered: bool = False


def compare_manifests(
    old: Sequence[tuple[Place, Document]], new: Sequence[tuple[Place, Document]]
) -> tuple[ManifestChange, ...]:
    """The manifests of both sides, paired by environment; those without a change are left out."""
    changes = (_compare(*pair) for pair in _pairs(_grouped(old), _grouped(new)))
    return tuple(c for c in changes if c.lines or c.reordered or not (c.old and c.new))


_Side = dict[str, list[Document]]


def _grouped(side: Sequence[tuple[Place, Document]]) -> _Side:
    """The manifests of each environment; several files may make one together."""
    found: _Side = {}
    for place, manifest in side:
        found.setdefault(place.environment or "default", []).append(manifest)
    return found


def _pairs(old: _Side, new: _Side) -> Iterator[tuple[str, list[Document], list[Document]]]:
    if len(old) == len(new) == 1:
        yield "", next(iter(old.values())), next(iter(new.values()))
        return
    for name in dict.fromkeys([*old, *new]):
        yield name, old.get(name, []), new.get(name, [])


def _compare(environment: str, old: list[Document], new: list[Document]) -> ManifestChange:
    both = bool(old and new)
    one, other = ([line.text for line in _lines_of(_channels, side)] for side in (old, new))
    return ManifestChange(
        environment,
        _files(old),
        _files(new),
        tuple(_changes(old, new)) if both else (),
        both and one != other and sorted(one) == sorted(other),
    )


def _files(side: Iterable[Document]) -> str:
    return ", ".join(dict.fromkeys(manifest.path for manifest in side))


@value_type
class _Line:
    """One line: lines of the same name are the same thing, with the same meaning unchanged."""

    name: str
    meaning: object
    text: str


def _names(manifest: Manifest) -> Iterator[_Line]:
    if manifest.name:
        yield _Line("", manifest.name.text, manifest.name.text)


def _channels(manifest: Manifest) -> Iterator[_Line]:
    for channel in manifest.channels:
        text = redact(channel.text)
        yield _Line(text, text, text)


def _platforms(manifest: Manifest) -> Iterator[_Line]:
    return (_Line(p.text, p.text, p.text) for p in manifest.platforms)


def _virtual(manifest: Manifest) -> Iterator[_Line]:
    for one in manifest.virtual_packages:
        where = f" on {one.platform}" if one.platform else ""
        yield _Line(one.name + where, one.version, f"{one.name} {one.version}".rstrip() + where)


def _variables(manifest: Manifest) -> Iterator[_Line]:
    return (_Line(v.text, v.text, v.text) for v in manifest.variables)


def _specs(manifest: Manifest) -> Iterator[_Line]:
    for spec in manifest.specs:
        yield _Line(spec.name or spec.text, _meaning(spec), _spec_text(spec))


def _meaning(spec: Spec) -> object:
    if spec.error:
        return spec.text
    parts = (spec.version, spec.build, spec.channel, spec.url)
    return (*parts, spec.selector, spec.platforms, spec.optional)


def _spec_text(spec: Spec) -> str:
    where = f" on {', '.join(spec.platforms)}" if spec.platforms else ""
    return shown(spec.text) + where + (f"  # [{spec.selector}]" if spec.selector else "")


def _requirements(manifest: Document) -> Iterator[_Line]:
    for req in manifest.pip:
        text = shown(req.text.partition(" --hash")[0].rstrip(" \\"))
        name = req.name or f"{req.option} {req.value}".strip() or req.text
        yield _Line(name, _pip_meaning(req), text)


def _pip_meaning(req: Requirement) -> object:
    if req.error:
        return req.text
    source = (req.kind, req.url, req.editable, req.option, req.value)
    return (*source, req.specifier, req.extras, req.marker, req.selector, frozenset(req.hashes))


_PARTS: dict[str, Callable[..., Iterator[_Line]]] = {
    "name": _names,
    "channel": _channels,
    "platform": _platforms,
    "virtual package": _virtual,
    "variable": _variables,
    "conda": _specs,
    "pip": _requirements,
}


def _lines_of(part: Callable[..., Iterator[_Line]], side: Iterable[Document]) -> list[_Line]:
    fitting = (m for m in side if isinstance(m, Manifest) or part is _requirements)
    return [line for manifest in fitting for line in part(manifest)]


def _changes(old: list[Document], new: list[Document]) -> Iterator[LineChange]:
    for part, lines in _PARTS.items():
        before, after = _lines_of(lines, old), _lines_of(lines, new)
        gone, come = _without(before, after), _without(after, before)
        for name in sorted({*gone, *come}):
            for one, other in zip_longest(gone.get(name, ()), come.get(name, ()), fillvalue=""):
                same = " (other hashes)" if one == other else ""
                yield LineChange(part, one, other + same)


def _without(lines: Sequence[_Line], others: Sequence[_Line]) -> dict[str, list[str]]:
    """By name, the texts of the lines whose meaning is not among the others."""
    known = {(line.name, line.meaning) for line in others}
    found: dict[str, list[str]] = {}
    for line in lines:
        if (line.name, line.meaning) not in known:
            found.setdefault(line.name, []).append(line.text)
    return found
