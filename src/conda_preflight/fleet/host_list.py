"""The hosts that are asked over ssh: a list with one a line, or a hostfile of MPI or DeepSpeed.

Source of hostfiles: https://docs.open-mpi.org/en/v5.0.x/launching-apps/scheduling.html
(``slots``, ``max_slots``) and DeepSpeed's documentation of its launcher.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.errors import UsageError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

MAX_BYTES = 4 * 1024 * 1024
MAX_HOSTS = 10_000
_PORTS = 65_535
_HINT = (
    "One host per line, as ssh names it: [user@]host[:port]. Addresses and keys belong into "
    "~/.ssh/config."
)
_RANGE = (
    "Write one host per line, as these print them: `scontrol show hostnames 'node[1-4]'`, "
    "`ansible all --list-hosts | tail -n +2`."
)
_GROUP = lazy_pattern(r"\[[\w.-]+\]")
_SLOTS = lazy_pattern(r"max[_-]slots=\d{1,6}|slots=\d{1,6}")
_BRACKETS = lazy_pattern(r"\[([0-9A-Fa-f:.]{2,64}(?:%\w{1,32})?)\](?::(\d{1,5}))?")
_ADDRESS = lazy_pattern(r"[0-9A-Fa-f.]{0,39}:[0-9A-Fa-f.]{0,39}:[0-9A-Fa-f:.]{0,64}(?:%\w{1,32})?")
_NAME = lazy_pattern(r"([A-Za-z0-9_][A-Za-z0-9_.+-]{0,254})(?::(\d{1,5}))?")
_USER = lazy_pattern(r"[A-Za-z0-9_.][A-Za-z0-9_.+@\\-]{0,254}")


@value_type
class SshHost:
    """A host by the name that the list has for it; ``port`` is 0 where ssh is to know it."""

    name: str
    destination: str
    port: int = 0


def read(text: str, file: str) -> tuple[SshHost, ...]:
    """The hosts of a list, each once; ``file`` is its name in messages.

    Comments, slots and lines such as ``[group]`` are passed over. Raises UsageError for a line
    that says anything else, and for a list that names nobody.
    """
    found = tuple(dict.fromkeys(_hosts(text, file)))
    if not found:
        raise UsageError(f"{file} names no host", _HINT)
    if len(found) > MAX_HOSTS:
        raise UsageError(f"{file} names more than {MAX_HOSTS:,} hosts")
    return found


def _hosts(text: str, file: str) -> Iterator[SshHost]:
    for number, line in enumerate(text.split("\n"), 1):
        words = line.partition("#")[0].split()
        if words and not (len(words) == 1 and _GROUP.fullmatch(words[0])):
            yield _host(words, f"{file}, line {number}")


def _host(words: Sequence[str], place: str) -> SshHost:
    first, *more = words
    strange = next((word for word in more if not _SLOTS.fullmatch(word)), "")
    if strange:
        raise UsageError(f"{place}: {strange[:80]!r} is nothing that can be said of a host", _HINT)
    user, at, address = first.rpartition("@")
    host, port = _address(address)
    if not host or (at and not _USER.fullmatch(user)) or port > _PORTS:
        is_range = "[" in first or "," in first
        raise UsageError(f"{place}: {first[:80]!r} is no host", _RANGE if is_range else _HINT)
    return SshHost(first, f"{user}{at}{host}", port)


def _address(text: str) -> tuple[str, int]:
    """The host and its port; an empty one where it is none."""
    if _ADDRESS.fullmatch(text):
        return text, 0
    found = _BRACKETS.fullmatch(text) or _NAME.fullmatch(text)
    return (found[1], int(found[2] or 0)) if found else ("", 0)
