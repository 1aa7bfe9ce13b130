"""Makes a lock twice in clean prefixes, tries both, and compares them byte for byte."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from conda_preflight.actions.building import Recipe, Told, build
from conda_preflight.actions.chosen_lock import Chosen
from conda_preflight.config import Settings
from conda_preflight.engines import archive_contents, archives
from conda_preflight.engines.archives import Archive, Supply
from conda_preflight.engines.download import full, is_full
from conda_preflight.errors import PreflightError, UsageError
from conda_preflight.plain import document_type
from conda_preflight.rebuilding import pip_files, smoke, trees, workplace
from conda_preflight.rebuilding.declared import declared_modules
from conda_preflight.rebuilding.outcome import Digests, Rebuilt, Trial

NOT_KEPT = "No prefix was left for use, since not all went well"
NO_TEST = "No smoke test was run: nothing that was asked for can be imported"


@document_type
class Wanted:
    """How to rebuild; ``keep`` is a directory to leave the prefix in, None for none."""

    cache: Path
    keep: Path | None = None
    once: bool = False
    offline: bool = False
    link_scripts: bool = False
    allow_unverified: bool = False
    allow_sdists: bool = False
    jobs: int = 2
    seconds: float = 1800.0


def rebuild(chosen: Chosen, settings: Settings, wanted: Wanted, told: Told) -> Rebuilt:
    """What came of making the lock; raises PreflightError when it could not be made.

    DigestError and ArchiveError are about the packages, others about this machine.
    """
    if wanted.keep is not None:
        _refuse_taken(wanted.keep)
    try:
        return _rebuilt(chosen, settings, wanted, told)
    except OSError as error:
        if is_full(str(error)):
            raise full() from None
        raise PreflightError(f"The lock cannot be rebuilt here: {error}") from None


def _rebuilt(chosen: Chosen, settings: Settings, wanted: Wanted, told: Told) -> Rebuilt:
    with workplace.opened(wanted.cache.resolve() / "rebuilds", "run-") as place:
        recipe = gather(chosen, wanted, place, told)
        prefixes = [place / "prefix-1", place / "prefix-2"][: 1 if wanted.once else 2]
        _refuse_too_large(recipe, place, len(prefixes))
        builds = [build(recipe, p, p, place / f"scratch-{p.name}", told) for p in prefixes]
        told("Comparing", 0, 0)
        comparison = None if wanted.once else trees.compare(*prefixes)
        tests, idle = _tests(chosen, recipe, settings, prefixes[0])
        told("Trying", 0, 0)
        trials = tuple(
            trial
            for number, prefix in enumerate(prefixes, 1)
            for trial in smoke.run(tests, prefix, number, recipe.home, settings.smoke.seconds)
        )
        outcome = Rebuilt(
            lock=chosen.name,
            platform=chosen.platform,
            environment=chosen.environment,
            packages=Counter(p.manager for p in chosen.packages),
            digests=_digests(recipe),
            builds=tuple(builds),
            trials=trials,
            comparison=comparison,
            scripts=_scripted(recipe),
            scripts_ran=wanted.link_scripts,
            notes=tuple(_notes(recipe, trials, idle)),
        )
        if wanted.keep is None:
            return outcome
        if not outcome.good:
            return replace(outcome, notes=(*outcome.notes, NOT_KEPT))
        return _kept(outcome, recipe, wanted.keep, told)


def gather(chosen: Chosen, wanted: Wanted, place: Path, told: Told) -> Recipe:
    """Everything fetched, verified and looked into."""
    from conda_preflight.engines.index_settings import read_indexes

    home, drafts = place / "home", place / "drafts"
    home.mkdir()
    drafts.mkdir()
    supply = Supply(
        cache=wanted.cache.resolve(),
        scratch=drafts,
        folder=chosen.folder,
        offline=wanted.offline,
        allow_unverified=wanted.allow_unverified,
        jobs=wanted.jobs,
        seconds=wanted.seconds,
    )
    conda = [p for p in chosen.packages if p.manager == "conda"]
    pip = [p for p in chosen.packages if p.manager == "pypi"]
    fetched = archives.fetch(conda, supply, lambda n, of: told("Fetching", n, of))
    files = pip_files.collect(
        pip, supply, place / "wheels", lambda n, of: told("Fetching the pip half", n, of)
    )
    looked = archive_contents.examine(
        fetched, wanted.seconds, lambda n, of: told("Looking into archives", n, of)
    )
    return Recipe(
        packages=looked,
        pip=files,
        platform=chosen.platform,
        python=next((p.version for p in conda if p.name == "python"), ""),
        home=home,
        requested=chosen.requested,
        indexes=read_indexes(os.environ, Path.home(), chosen.folder),
        link_scripts=wanted.link_scripts,
        allow_sdists=wanted.allow_sdists,
        offline=wanted.offline,
        jobs=wanted.jobs,
        seconds=wanted.seconds,
    )


def _refuse_taken(keep: Path) -> None:
    if keep.is_symlink() or (keep.exists() and not (keep.is_dir() and not any(keep.iterdir()))):
        raise UsageError(f"{keep} is there already", "Name a new directory: --keep DIR.")


def _refuse_too_large(recipe: Recipe, place: Path, number: int) -> None:
    """Better to say at once that the disk is too small than to fill it."""
    needed = number * sum(contents.unpacked for contents in recipe.packages)
    free = shutil.disk_usage(place).free
    if needed > free:
        raise UsageError(
            f"The prefixes need {needed >> 20} MiB, and {free >> 20} MiB are free in {place}",
            "Free some space, or name another place with --cache DIR.",
        )


def _tests(
    chosen: Chosen, recipe: Recipe, settings: Settings, prefix: Path
) -> tuple[list[smoke.Smoke], list[str]]:
    """The smoke tests, and the names of what was asked for that brings nothing to try."""
    own = settings.smoke
    folder = Path(settings.file).resolve().parent if settings.file else chosen.folder
    tests = list(smoke.from_settings(own.command, own.script, folder))
    tests += smoke.imports({name: (name,) for name in own.imports})
    if tests or not recipe.python:
        return tests, []
    found = declared_modules(prefix, recipe.site, chosen.declared)
    return list(smoke.imports(found)), sorted(name for name in found if not found[name])


def _digests(recipe: Recipe) -> Digests:
    found: list[Archive] = [contents.archive for contents in recipe.packages]
    found += recipe.pip.archives
    checks = Counter(archive.check for archive in found)
    sources = Counter(archive.source for archive in found)
    return Digests(
        sha256=checks["sha256"] + len(recipe.pip.elsewhere),
        md5=checks["md5"],
        none=checks[""],
        size=sum(archive.file.stat().st_size for archive in found),
        fetched=sources["network"] + len(recipe.pip.elsewhere),
        cached=sources["cache"],
        local=sources["file"],
    )


def _scripted(recipe: Recipe) -> tuple[str, ...]:
    return tuple(sorted(c.archive.package.name for c in recipe.packages if c.scripts))


def _notes(recipe: Recipe, trials: Sequence[Trial], idle: Sequence[str]) -> Iterator[str]:
    if not trials:
        yield NO_TEST
    elif idle:
        yield f"Asked for, and without a module to import: {', '.join(idle)}"
    scripted = _scripted(recipe)
    if scripted and not recipe.link_scripts:
        names = ", ".join(scripted)
        yield f"Link scripts were not run: {names} (--allow-link-scripts lets them)"


def _kept(outcome: Rebuilt, recipe: Recipe, keep: Path, told: Told) -> Rebuilt:
    """Made once more beside its place for that place, and renamed when it is whole.

    A smoke test may have changed the prefixes that it was tried in; this one is as made.
    """
    final = Path(os.path.abspath(keep))  # noqa: PTH100  (links in it stay as they are named)
    with workplace.opened(final.parent, f"{final.name}.partial-") as place:
        (place / "INCOMPLETE").write_text(f"{final} was being made here.\n", encoding="utf-8")
        build(recipe, place / "prefix", final, place / "scratch", told)
        try:
            (place / "prefix").rename(final)
        except OSError as error:
            why = error.strerror or error
            raise PreflightError(f"{final} cannot be put in its place: {why}") from None
    return replace(outcome, kept=str(final))
