"""What may go and what stays, with the reason: one decision for each thing that was found.

The rules are in the order of their weight. What is not known speaks for keeping.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from conda_preflight.cleaning import found as kinds
from conda_preflight.cleaning.age import last_use, said
from conda_preflight.cleaning.found import Environment, Found, Process, Running
from conda_preflight.grammar.environment_name import is_production
from conda_preflight.plain import document_type, value_type

FREE, TRASH, KEEP = "free", "trash", "keep"
"""What is done: freed at once, moved to where it can be taken back from, or nothing."""

DAY = 86_400.0
_REFETCHED = {
    kinds.ARCHIVE: "a download that can be fetched again",
    kinds.PACKAGE: "no environment shares its files",
    kinds.INDEX: "what channels hold is asked again when it is needed",
    kinds.LEFTOVER: "conda left it when it could not delete it",
    kinds.DOWNLOADS: "downloads that can be fetched again",
    kinds.MODEL: "no branch or tag leads to it, so a newer revision has taken its place",
}


@value_type
class Decision:
    """One thing with what is done about it, and why."""

    found: Found
    action: str
    reason: str


@document_type
class Policy:
    """What a person decides; times are in seconds.

    ``stale_after`` is how long an environment must not have been used; ``keep`` are globs of
    names and paths; ``named`` are the real paths of environments that are to go, and with any the
    rest stays; ``only`` are kinds, all for none. With ``linked`` packages go too whose files
    environments share. ``ours`` are folders that this program runs from; ``home`` is the one
    whose caches are meant, empty for any.
    """

    now: float
    stale_after: float = 90 * DAY
    keep: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    only: tuple[str, ...] = ()
    linked: bool = False
    ours: tuple[str, ...] = ()
    home: str = ""


def decide(found: Sequence[Found], running: Running, policy: Policy) -> tuple[Decision, ...]:
    """A decision for each thing, in the same order.

    What another thing leads into by links stays as long as that one stays: deciding goes on
    until nothing changes.
    """
    using = Using(running, policy.home)
    decisions = [Decision(each, *_first(each, using, policy)) for each in found]
    needs = _needs(found)
    while True:
        done = {each.found.path: each.action for each in decisions}
        again = [_held(each, needs.get(each.found.path, ()), done) for each in decisions]
        if again == decisions:
            return tuple(decisions)
        decisions = again


def _held(decision: Decision, needed_by: Sequence[str], done: Mapping[str, str]) -> Decision:
    """What comes back from the trash must find what it needs, so that is not freed either."""
    lasting = (KEEP, TRASH) if decision.action == FREE else (KEEP,)
    by = next((path for path in needed_by if done[path] in lasting), "")
    if decision.action == KEEP or not by:
        return decision
    return Decision(decision.found, KEEP, f"{by} needs it: links lead there, or it lies in it")


def _needs(found: Sequence[Found]) -> dict[str, list[str]]:
    """By path of a thing, the others that links lead from, or that lie in it."""
    owners = {part.path: each.path for each in found for part in each.parts}
    needs: dict[str, list[str]] = {}
    for each in found:
        inside = [part.path for part in each.parts]
        for target in (*each.usage.outward, *(path.rpartition("/")[0] for path in inside)):
            owner = next((owners[path] for path in _upward(target) if path in owners), each.path)
            if owner != each.path and each.path not in needs.setdefault(owner, []):
                needs[owner].append(each.path)
    return needs


def _upward(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


class Using:
    """Which process uses a folder: by each path that is used and all folders above it."""

    def __init__(self, running: Running, home: str = "") -> None:
        self._by_path: dict[str, Process] = {}
        for process in running.processes:
            for path in process.paths:
                for above in _upward(path):
                    if above in self._by_path:
                        break
                    self._by_path[above] = process
        busy = (p for p in running.processes if p.installs)
        self.installer = next((p for p in busy if not home or p.home in ("", home)), None)

    def of(self, path: str) -> str:
        """``process 12 (python) uses it``, empty where none does."""
        process = self._by_path.get(path)
        return f"process {process.pid} ({process.program}) uses it" if process else ""


def _first(found: Found, using: Using, policy: Policy) -> tuple[str, str]:
    """The decision by what is known of the thing itself."""
    if found.kind == kinds.TRASHED:
        return KEEP, f"`clean --undo {found.refs[0]}` puts it back"
    if (policy.only and found.kind not in policy.only) or _is_beside(found, policy):
        return KEEP, "it was not asked for"
    if held := _in_use(found, using, policy):
        return KEEP, held
    if _is_listed(found, policy):
        return KEEP, "`keep` names it"
    if found.barred:
        return KEEP, found.barred
    if found.environment:
        return _environment(found, found.environment, policy)
    return _cached(found, using, policy)


def _is_beside(found: Found, policy: Policy) -> bool:
    """Whether others were named and this was not."""
    return bool(policy.named) and found.path not in policy.named


def _in_use(found: Found, using: Using, policy: Policy) -> str:
    if found.environment and found.environment.base:
        return found.environment.base
    for part in found.parts:
        if any((our + "/").startswith(part.path + "/") for our in policy.ours):
            return "this program runs from it"
        if used := using.of(part.path):
            return used
    return ""


def _is_listed(found: Found, policy: Policy) -> bool:
    name = found.environment.name if found.environment else found.path.rpartition("/")[2]
    return any(fnmatchcase(each, glob) for glob in policy.keep for each in (name, found.path))


def _environment(found: Found, environment: Environment, policy: Policy) -> tuple[str, str]:
    if found.path in policy.named:
        return TRASH, "it was named"
    if is_production(environment.name):
        return KEEP, "its name says production: it goes only when it is named"
    if environment.frozen:
        return KEEP, "it is frozen: it goes only when it is named"
    last = last_use(environment, found.usage)
    if last.why_unknown:
        return KEEP, last.why_unknown
    told = f"last used {said(policy.now - last.when)} ago, by {last.evidence}"
    is_stale = policy.now - last.when > policy.stale_after
    return (TRASH, told) if is_stale else (KEEP, told)


def _cached(found: Found, using: Using, policy: Policy) -> tuple[str, str]:
    if using.installer:
        busy = using.installer
        return KEEP, f"process {busy.pid} ({busy.program}) is installing"
    if found.kind == kinds.MODEL and found.refs:
        return KEEP, f"{' and '.join(found.refs)} leads to it"
    if found.kind == kinds.PACKAGE and found.usage.shared:
        if not policy.linked:
            return KEEP, "environments share its files, so that little would become free"
        return FREE, "asked for, though environments share its files"
    return FREE, _REFETCHED[found.kind]
