"""What checks ask of a lock or a prefix: its Stack, made once for each platform."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.documents import Host, Lock, Package, Prefix, Project, Requirements
from conda_preflight.documents.stack import Need, Stack
from conda_preflight.errors import Skip
from conda_preflight.fitting.beside import with_runtime
from conda_preflight.fitting.bitsandbytes import completed
from conda_preflight.fitting.conda_needs import conda_need
from conda_preflight.fitting.pins import pinned
from conda_preflight.fitting.pip_needs import pip_need
from conda_preflight.fitting.wheel_tag import tag_platform
from conda_preflight.installation import (
    Installation,
    Place,
    of_lock,
    of_prefix,
    pip_half,
    with_pip_half,
)

_USUAL = "linux-64"


class Stacks:
    """The stacks of a project's locks and prefixes; nothing is read before a check asks."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[Lock | Prefix, tuple[Stack, ...]] = {}
        self._pinned: dict[tuple[Requirements, str], Stack] = {}
        self._taken: dict[tuple[Stack, str], Stack] = {}

    def of(self, document: Lock | Prefix | Requirements, host: Host) -> Stack:
        """The stack for the platform of a target; of requirements, what is pinned exactly.

        Raises Skip where there is none for it, where the target does not say its platform
        and there are several, and for requirements beside a lock or a prefix.
        """
        if isinstance(document, Requirements):
            return self._of_pins(document, host.subdir or _USUAL)
        found = self.each(document)
        if not host.subdir:
            if len(found) == 1:
                return found[0]
            raise Skip("the target does not say its platform")
        same = [stack for stack in found if stack.subdir in (host.subdir, "")]
        if not same:
            raise Skip(f"there are no packages for {host.subdir}")
        return same[0] if same[0].subdir else self._placed(same[0], host.subdir)

    def each(self, document: Lock | Prefix) -> tuple[Stack, ...]:
        """One for each platform, in order."""
        if document not in self._known:
            self._known[document] = tuple(map(stack, self._installations(document)))
        return self._known[document]

    def _placed(self, unplaced: Stack, subdir: str) -> Stack:
        """A stack of packages that do not say their platform, on that of a target."""
        if (unplaced, subdir) not in self._taken:
            made = Installation(Place("", subdir), unplaced.packages, subdir)
            self._taken[unplaced, subdir] = stack(made)
        return self._taken[unplaced, subdir]

    def _of_pins(self, document: Requirements, subdir: str) -> Stack:
        if any(isinstance(doc, Lock | Prefix) for doc in self._project.documents):
            raise Skip("the lock or the prefix says what will run")
        if (document, subdir) not in self._pinned:
            self._pinned[document, subdir] = stack(pinned(document, subdir))
        return self._pinned[document, subdir]

    def _installations(self, document: Lock | Prefix) -> Sequence[Installation]:
        if isinstance(document, Prefix):
            return [of_prefix(document)]
        half = pip_half(document, self._project.documents)
        found = [*of_lock(document)]
        return [with_pip_half(one, half) for one in found] if half else found


def stack(installation: Installation) -> Stack:
    """What the packages of one place need of a machine."""
    packages = installation.packages
    subdir = installation.subdir or installation.place.platform or _platform(packages)
    tegra = any(p.name == "arm-variant" and "tegra" in p.build for p in packages)
    needs = {p: need for p in packages if (need := _need(p, subdir, tegra=tegra))}
    return Stack(subdir, packages, tuple(completed(with_runtime(needs)).values()))


def _platform(packages: Sequence[Package]) -> str:
    """What the packages of a list without a platform are made for, empty where none says it."""
    named = (p.subdir or tag_platform(p.url) for p in packages)
    return next((subdir for subdir in named if subdir not in ("", "noarch")), "")


def _need(package: Package, subdir: str, *, tegra: bool) -> Need | None:
    if package.manager == "conda":
        return conda_need(package, tegra=tegra)
    return pip_need(package, subdir)
