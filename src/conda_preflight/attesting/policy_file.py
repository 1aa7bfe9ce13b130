"""A deployment policy: whose verdicts are accepted, how old, and what must have been checked.

It is read from a file that is named, and never searched for: settings that lie beside a lock
belong to those who change the lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from conda_preflight.attesting.age import age
from conda_preflight.errors import UsageError
from conda_preflight.setting_values import one_text, positive, refuse_unknown, texts

KEYS = ("keys", "threshold", "max-age", "require", "targets", "identity", "issuer")


def policy(text: str, file: Path) -> dict[str, object]:
    """What the file says, by the names of the options of ``verify``; raises UsageError.

    Files of keys are taken from the folder of the policy.
    """
    import tomllib

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{file}: this is not TOML: {error}") from None
    try:
        return _values(table, file.parent)
    except UsageError as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from None


def _values(table: Mapping[str, object], folder: Path) -> dict[str, object]:
    refuse_unknown(table, KEYS, "key of a policy")
    found: dict[str, object] = {}
    for key in ("require", "targets"):
        if key in table:
            found[key] = texts(table[key], key)
    for key in ("identity", "issuer"):
        if key in table:
            found[key] = one_text(table[key], key)
    if "keys" in table:
        found["keys"] = tuple(str(folder / name) for name in texts(table["keys"], "keys"))
    if "threshold" in table:
        found["threshold"] = positive(table["threshold"], "threshold")
    if "max-age" in table:
        found["max_age"] = age(one_text(table["max-age"], "max-age"))
    return found
