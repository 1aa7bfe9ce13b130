"""What changed between two subjects: in what is asked for, and in what is installed."""

from __future__ import annotations

from conda_preflight.comparison import Comparison, compare
from conda_preflight.errors import UsageError
from conda_preflight.manifest_comparison import ManifestChange, compare_manifests
from conda_preflight.plain import document_type
from conda_preflight.selection import Subject, place_of


@document_type
class Difference:
    """The two sides by name, the changes of their manifests, and those of their packages.

    ``packages`` is None where one side has none, which is a manifest alone;
    ``manifests_compared`` says whether both had one.
    """

    old: str
    new: str
    manifests: tuple[ManifestChange, ...]
    manifests_compared: bool
    packages: Comparison | None

    @property
    def empty(self) -> bool:
        """Whether both sides are the same."""
        return not self.manifests and (self.packages is None or self.packages.empty)


def difference(old: Subject, new: Subject) -> Difference:
    """What both sides have, compared; raises UsageError where they have nothing alike."""
    asked = bool(old.manifests and new.manifests)
    installed = bool(old.installations and new.installations)
    if not asked and not installed:
        alone = old if not old.installations else new
        raise UsageError(
            f"{alone.name} only says what is asked for, and the other side what is installed",
            "Compare it with a manifest, or lock it first.",
        )
    lines = [[(place_of(m), m) for m in side.manifests] for side in (old, new)] if asked else []
    packages = None
    if installed:
        lone = old.lone or new.lone
        packages = compare(old.installations, new.installations, lone=lone)
    manifests = compare_manifests(*lines) if lines else ()
    names = (old.lock, new.lock) if installed else (old.name, new.name)
    return Difference(*names, manifests, asked, packages)
