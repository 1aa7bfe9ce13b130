"""The pip half of an environment, asked and answered: plain values, whichever tool resolves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Protocol, TypeAlias

from conda_preflight.documents import Package, Requirement
from conda_preflight.plain import document_type, value_type
from conda_preflight.solving.question import Untried


@value_type
class Provided:
    """A Python project that conda installs, under the name and version that pip sees.

    ``name`` is normalized as PEP 503 says; ``version`` is PEP 440's, with its local part.
    """

    name: str
    version: str


@document_type
class Indexes:
    """Where projects come from. Addresses may carry credentials: never show them.

    ``default`` is empty for the tool's own; ``extra`` ones may be written ``name=URL``;
    ``certificates`` is a file of trusted authorities; ``keyring`` asks that program.
    """

    default: str = field(default="", repr=False)
    extra: tuple[str, ...] = field(default=(), repr=False)
    find_links: tuple[str, ...] = field(default=(), repr=False)
    no_index: bool = False
    trusted_hosts: tuple[str, ...] = ()
    certificates: str = ""
    keyring: bool = False


@document_type
class PipQuestion:
    """Which files meet these requirements beside what conda provides, on a machine of that kind.

    ``requirements`` may hold options (``--extra-index-url``), not includes; ``python`` is
    the full version; ``platform`` a conda subdir; ``glibc`` and ``macos`` the target's
    versions or empty; ``exclude_newer`` an ISO 8601 time in UTC or empty; ``folder`` is what
    relative paths start from; ``variables`` are those that ``${NAME}`` may stand for.
    ``kept`` are names and versions of an older lock, which stay where they can;
    ``allow_sdists`` lets projects be built to learn what they need, which runs their code;
    ``leave_out_unpinnable`` passes over lines that no hash can pin instead of refusing them.
    """

    requirements: tuple[Requirement, ...]
    python: str
    platform: str
    glibc: str = ""
    macos: str = ""
    provided: tuple[Provided, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    indexes: Indexes = field(default_factory=Indexes)
    exclude_newer: str = ""
    offline: bool = False
    allow_sdists: bool = False
    leave_out_unpinnable: bool = False
    folder: str = ""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)


@document_type
class PipHalf:
    """The files that meet a question, by name; what conda provides is not among them.

    ``sdists`` are names of projects that must be built, ``yanked`` those whose author took
    the version back, ``left_out`` lines that no hash can pin; ``lost_extras`` are extras
    that were asked of conda's packages, which have none (``uvicorn[standard]``).
    """

    packages: tuple[Package, ...]
    sdists: tuple[str, ...] = ()
    yanked: tuple[str, ...] = ()
    left_out: tuple[Requirement, ...] = ()
    lost_extras: tuple[str, ...] = ()


@document_type
class Unresolvable:
    """No set of files meets the question.

    ``requirements`` are the lines that cannot be met, ``provided`` the packages of conda
    that stand against them, ``missing`` projects that no index has and ``sdist_only`` those
    that would have to be built; ``text`` is what the resolver says, masked and bounded.
    """

    reason: str
    requirements: tuple[Requirement, ...] = ()
    provided: tuple[Provided, ...] = ()
    missing: tuple[str, ...] = ()
    sdist_only: tuple[str, ...] = ()
    text: str = ""


PipAnswer: TypeAlias = PipHalf | Unresolvable | Untried


class PipResolver(Protocol):
    """Whatever answers questions about pip halves; the same question twice costs once."""

    def resolve(self, question: PipQuestion) -> PipAnswer:
        """The answer; it never raises."""
        ...


def needs_network(question: PipQuestion) -> bool:
    """Whether a question can only be answered by an index that is not on this machine."""
    options = [(r.option, r.value) for r in question.requirements if r.kind == "option"]
    said, base = dict(options), question.indexes
    links = [value for option, value in options if option == "--find-links"]
    extra = [value for option, value in options if option == "--extra-index-url"]
    indexes = [*extra, *base.extra]
    if not (base.no_index or "--no-index" in said):
        indexes.append(said.get("--index-url") or base.default or "https://")
    urls = [r.url for r in question.requirements if r.kind in ("url", "vcs")]
    places = [*indexes, *urls, *links, *base.find_links]
    return any("://" in each and "file://" not in each for each in places)


def would_replace(
    provided: Iterable[Provided], packages: Iterable[Package]
) -> tuple[tuple[Provided, Package], ...]:
    """What pip would take away from conda: pairs of one project in two versions, by name.

    pip leaves an installed version alone that ``==`` of PEP 440 accepts, so conda's
    ``2.1.0+cu118`` stays where pip asks for ``2.1.0``.
    """
    installed = {each.name: each for each in provided}
    pairs = [
        (installed[p.name], p) for p in packages if p.manager == "pypi" and p.name in installed
    ]
    return tuple(sorted((p for p in pairs if not _kept(*p)), key=lambda pair: pair[0].name))


def _kept(conda: Provided, pip: Package) -> bool:
    from conda_preflight.grammar.pep440 import versions_allow

    return conda.version == pip.version or bool(versions_allow(f"=={pip.version}", conda.version))
