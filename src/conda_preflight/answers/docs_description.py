"""What a section about an environment is made of, in plain values."""

from __future__ import annotations

from collections.abc import Mapping

from conda_preflight.describing.contents import KeyPackage
from conda_preflight.describing.fact import Fact
from conda_preflight.documents import Waiver
from conda_preflight.plain import document_type, value_type


@value_type
class LockFile:
    """A file that an environment is made from: path, kind, digest (hex), and for what platforms."""

    path: str
    kind: str
    sha256: str
    platforms: tuple[str, ...] = ()


@document_type
class Description:
    """One environment, or several of one file, as it is told to people.

    ``name`` is the environment's, empty where there is none or are several; ``manifests`` are
    paths; ``locks`` are in the order in which they are installed from, the pip half last;
    ``environments`` are those of a pixi workspace; ``settings`` are rows of what is special,
    each a kind and words that are shown as code; ``verdict`` is GO, NO-GO or UNKNOWN,
    ``because`` are the rules that made a NO-GO or the reasons of an UNKNOWN, and ``targets`` are
    name, verdict and blame; ``has_image`` is true where a Dockerfile lies at the top.
    """

    name: str
    manifests: tuple[str, ...]
    locks: tuple[LockFile, ...]
    platforms: tuple[str, ...]
    environments: tuple[str, ...]
    channels: tuple[str, ...]
    technologies: tuple[Fact, ...]
    contents: tuple[Fact, ...]
    packages: tuple[KeyPackage, ...]
    settings: Mapping[str, tuple[str, ...]]
    verdict: str
    because: tuple[str, ...]
    targets: tuple[tuple[str, str, tuple[str, ...]], ...]
    waivers: tuple[Waiver, ...]
    has_image: bool = False
