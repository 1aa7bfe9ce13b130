"""What a fact sheet never holds: names of people and machines, credentials, serial numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conda_preflight.documents.host import MAX_FACT
from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern

_HOME = lazy_pattern(r"(?<=/)(home|users|Users)/[^/:;\s]{1,256}")
_UNIQUE = lazy_pattern(r"\b(GPU|MIG|nvidia\.com/gpu)(?:-GPU)?-[0-9a-fA-F][0-9a-fA-F/-]{3,200}")
_MIN_NAME = 3
_SHARED = frozenset(("root", "user", "users", "home", "usr", "lib", "opt", "bin", "dev", "proc"))


class Privacy:
    """Masks in texts what tells who runs the machine or which one it is.

    ``environment`` says the names: of the person and of the host.
    """

    def __init__(self, environment: Mapping[str, str], host: str = "") -> None:
        names = {environment.get(key, "") for key in ("USER", "LOGNAME", "HOSTNAME")}
        names |= {environment.get("HOME", "").rstrip("/").rpartition("/")[2], host}
        names |= {name.partition(".")[0] for name in names}
        known = sorted(n for n in names if len(n) >= _MIN_NAME and n.lower() not in _SHARED)
        self._names = re.compile(
            rf"(?<![\w-])(?:{'|'.join(map(re.escape, known))})(?![\w-])" if known else r"(?!)"
        )

    def shown(self, text: str) -> str:
        """The text as a sheet may hold it: masked, printable, of bounded length."""
        text = redact(text[: 4 * MAX_FACT])
        text = _UNIQUE.sub(r"\1-***", _HOME.sub(r"\1/***", text))
        text = self._names.sub("***", text)
        return bounded(text, MAX_FACT)


def bounded(text: str, limit: int) -> str:
    """The text on one line, without signs that act on a terminal, cut where it is too long."""
    text = "".join(sign if sign.isprintable() else "?" for sign in text).strip()
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
