"""Which Python a Dockerfile, a CI file or a pyproject.toml asks for, beside the manifest.

Sources: the tags of Docker's ``python`` image, the inputs of conda-incubator/setup-miniconda
and mamba-org/setup-micromamba, PEP 621 (``requires-python``).
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Dockerfile, Location, Script
from conda_preflight.errors import ReadError
from conda_preflight.grammar.image_stage import stages
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.grammar.pip_constraint import to_conda
from conda_preflight.grammar.yaml_tree import Map, Node, Scalar, Seq, load, locate
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_TAG = lazy_pattern(r"(?:.*/)?python:(3\.[0-9]{1,2})(?:\.[0-9]{1,3})?(?:[-@].*)?")
_SPEC = lazy_pattern(r"python={1,2}(3\.[0-9]{1,2})(?:[.*=].{0,60})?")
_VERSION = lazy_pattern(r"3\.[0-9]{1,2}")
_REQUIRES = lazy_pattern(r"[ \t]*requires-python[ \t]*=[ \t]*[\"']([^\"']{1,100})[\"']")
_SETUPS = ("conda-incubator/setup-miniconda@", "mamba-org/setup-micromamba@")


@value_type
class PythonAsked:
    """A constraint in conda's language, as it is written, with its place.

    ``env`` is the name of the environment that it is for, empty where no name is said;
    ``files`` are the manifests that go into the same environment, as a command in ``folder``
    names them.
    """

    constraint: str
    written: str
    location: Location
    env: str = ""
    files: tuple[str, ...] = ()
    folder: str = ""


def by_image(dockerfile: Dockerfile) -> Iterator[PythonAsked]:
    """The tags of ``python`` images that a stage begins with."""
    places = [i.location for i in dockerfile.instructions if i.keyword == "FROM"]
    for stage in stages(dockerfile):
        found = _TAG.fullmatch(stage.image[:200])
        if found and stage.parent is None:
            yield PythonAsked(f"{found[1]}.*", f"FROM {stage.image}", places[stage.number])


def by_commands(document: Dockerfile | Script) -> Iterator[PythonAsked]:
    """``python=3.10`` on the command line of conda, for a named environment; its minor release."""
    for command in document.commands:
        install = install_of(command)
        if install and install.tool in ("conda", "mamba", "micromamba") and install.env:
            yield from _specs(install)


def _specs(install: Install) -> Iterator[PythonAsked]:
    for word in install.names:
        if found := _SPEC.fullmatch(word):
            release = f"{found[1]}.*"
            yield PythonAsked(
                release, word, install.location, install.env, install.files, install.folder
            )


def by_setup(text: str, path: str) -> Iterator[PythonAsked]:
    """``python-version`` of a setup action that is given an environment file too."""
    if "python-version" not in text or "environment-file" not in text:
        return
    try:
        documents = load(text).documents
    except ReadError:
        return
    for step in _maps(documents):
        inputs = step.get("with")
        if step.text("uses").startswith(_SETUPS) and isinstance(inputs, Map):
            version, file = inputs.get("python-version"), inputs.text("environment-file")
            if isinstance(version, Scalar) and _VERSION.fullmatch(version.text) and file:
                written = f"python-version: {version.text}"
                place = locate(version, path)
                yield PythonAsked(f"{version.text}.*", written, place, files=(file,))


def _maps(documents: tuple[Node, ...] | list[Node]) -> Iterator[Map]:
    """Every mapping below the nodes, once."""
    todo: list[Node] = list(reversed(documents))
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Map):
            yield node
            todo.extend(value for _, value in node.items())
        elif isinstance(node, Seq):
            todo.extend(node.items)


def by_project(text: str, path: str) -> PythonAsked | None:
    """``requires-python`` of a pyproject.toml."""
    for number, row in enumerate(text.split("\n")[:2000], 1):
        found = _REQUIRES.match(row)
        if found:
            place = Location(path, number, found.start(1) + 1, len(found[1]))
            return PythonAsked(to_conda(found[1]), f"requires-python = {found[1]}", place)
    return None
