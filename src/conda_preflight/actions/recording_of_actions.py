"""The records of ``lock``, ``rebuild`` and ``probe``: what each has to tell of its outcome."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from conda_preflight.actions.chosen_lock import Chosen
from conda_preflight.actions.recording import environment, environment_of, of_action
from conda_preflight.documents import Host
from conda_preflight.errors import PreflightError
from conda_preflight.identity import host as machine
from conda_preflight.installation import of_lock as installations
from conda_preflight.ledger.record import Record
from conda_preflight.rebuilding.outcome import Rebuilt
from conda_preflight.report import Verdict
from conda_preflight.solving.locked import Locked, moved

_VERDICTS = tuple(each.value for each in Verdict)


def of_lock(path: Path, done: Locked, code: int) -> Record:
    """A lock that was written, or why there is none; ``code`` is the exit code of the command."""
    root = path if path.is_dir() else path.parent
    lock = done.lock
    written = [done.folder / lock.path] if lock else []
    manifest = root / done.manifest.path
    return of_action(
        "lock",
        path,
        verdict=_VERDICTS[code],
        reasons=[f"no solution for {each.platform}" for each in done.refused],
        files=[manifest, *written],
        environments=[environment(_below(written[0], root), one) for one in installations(lock)]
        if lock
        else (),
        facts={"platforms": ", ".join(done.order.platforms)}
        | ({"moved": len(moved(done.before, lock))} if lock else {}),
    )


def of_rebuild(path: Path, chosen: Chosen, outcome: Rebuilt) -> Record:
    """A lock that was made, tried and compared."""
    compared = outcome.comparison
    return _rebuild(
        path,
        chosen,
        Verdict.GO if outcome.good else Verdict.NO_GO,
        [f"{trial.subject}: {trial.reason}" for trial in outcome.failed],
        {
            "verified": outcome.digests.sha256 + outcome.digests.md5,
            "archives": outcome.digests.total,
            "built": len(outcome.builds),
            "compared": compared.compared if compared else None,
            "unexplained": len(compared.unexplained) if compared else None,
            "smoke_tests": len(outcome.trials),
        },
    )


def of_failed_rebuild(path: Path, chosen: Chosen, error: PreflightError) -> Record:
    """A lock that could not be made, for a fault of its packages."""
    return _rebuild(path, chosen, Verdict.NO_GO, [error.message], {})


def of_probe(host: Host, prefix: Path | None) -> Record:
    """What a machine is, and what became of the trials in a prefix."""
    counts = Counter(trial.status for trial in host.trials)
    bad = [
        f"{t.step}: {t.status}" for t in host.trials if t.status in ("failed", "crashed", "hung")
    ]
    verdict = (Verdict.NO_GO if bad else Verdict.GO).value if host.trials else ""
    return of_action(
        "probe",
        prefix or Path(),
        verdict=verdict,
        reasons=bad,
        facts={
            "os": host.os,
            "arch": host.arch,
            "kernel": host.kernel,
            "glibc": host.glibc,
            "driver": host.driver,
            "cuda": host.cuda,
            "gpus": None if host.gpus is None else ", ".join(gpu.name for gpu in host.gpus),
            **{f"trials.{status}": number for status, number in sorted(counts.items())},
        },
        project="" if prefix else f"machine:{host.name or machine()}",
    )


def _rebuild(
    path: Path,
    chosen: Chosen,
    verdict: Verdict,
    reasons: list[str],
    facts: dict[str, str | int | bool | None],
) -> Record:
    name = chosen.name.partition(" in ")[0]  # as people are told of it: FILE in FOLDER
    named = chosen.folder / name
    made = environment_of(name, chosen.environment, chosen.platform, chosen.packages)
    return of_action(
        "rebuild",
        path,
        verdict=verdict.value,
        reasons=reasons,
        files=[named] if named.is_file() else [],
        environments=[made],
        facts=facts,
    )


def _below(file: Path, root: Path) -> str:
    here, top = file.resolve(), root.resolve()
    return here.relative_to(top).as_posix() if here.is_relative_to(top) else here.as_posix()
