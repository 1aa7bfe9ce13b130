"""Refuses to change a protected environment, in the words of conda's own errors."""

from __future__ import annotations

import os
from pathlib import Path

from conda.base.context import context
from conda.exceptions import CondaError

from conda_preflight.hooks.protection import PROTECTED, SETTING, refusal


def refuse_command(command: str) -> None:
    """Raise CondaError where the command would change a protected environment.

    ``create`` takes away what is there, and is asked only where it names its environment.
    """
    given = getattr(context, "_argparse_args", None) or {}
    named = bool(given.get("name") or given.get("prefix"))
    if context.dry_run or (command == "create" and not named):
        return
    refuse(str(context.target_prefix))


def refuse(prefix: str) -> None:
    """Raise CondaError where this prefix is frozen or protected."""
    plugins = getattr(context, "plugins", None)
    patterns = getattr(plugins, SETTING, PROTECTED)
    counts = bool(getattr(context, "protect_frozen_envs", True))
    why = refusal(Path(prefix), tuple(patterns), os.environ, frozen_counts=counts)
    if why:
        raise CondaError(why)
