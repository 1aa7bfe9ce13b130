"""Settings that switch off what protects an environment, or the person who installs.

Source: conda's documentation "Settings" and ``conda config --describe`` (conda 26.x); for frozen
environments CEP 22.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Guard:
    """A setting, the value that switches a guard off, what happens then, what to write instead.

    ``value`` is a word in lower case, "true" and "false" mean every way to write them;
    ``severity`` is a word of ``report.Severity``.
    """

    key: str
    value: str
    severity: str
    what: str
    instead: str


GUARDS = (
    Guard(
        "safety_checks",
        "disabled",
        "error",
        "packages are installed without a look at whether their files are as they were made",
        "Write `safety_checks: enabled`.",
    ),
    Guard(
        "protect_frozen_envs",
        "false",
        "warning",
        "conda changes environments that somebody froze",
        "Delete the line.",
    ),
    Guard(
        "rollback_enabled",
        "false",
        "warning",
        "an install that fails leaves half of its packages behind",
        "Delete the line.",
    ),
    Guard(
        "always_softlink",
        "true",
        "warning",
        "environments are links into the package cache, and break when that is cleaned",
        "Delete the line.",
    ),
    Guard(
        "allow_softlinks",
        "true",
        "note",
        "files may be links into the package cache, and break when that is cleaned",
        "Delete the line.",
    ),
    Guard(
        "clobber",
        "true",
        "note",
        "packages overwrite each other's files without a word",
        "Delete the line.",
    ),
    Guard(
        "allow_non_channel_urls",
        "true",
        "note",
        "an address that is no channel gives a warning only, and its packages are missing",
        "Delete the line.",
    ),
    Guard(
        "allow_conda_downgrades",
        "true",
        "note",
        "an install into the base environment may bring an older conda",
        "Delete the line.",
    ),
    Guard(
        "always_yes",
        "true",
        "note",
        "nobody is asked before packages are changed or removed",
        "Delete the line, and use `--yes` in scripts.",
    ),
    Guard(
        "no_lock",
        "true",
        "note",
        "two commands at once can spoil the cache of the index",
        "Delete the line.",
    ),
)
