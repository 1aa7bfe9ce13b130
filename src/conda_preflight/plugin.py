"""The plugin of conda, found by its entry point: it declares the hooks and imports nothing more.

conda imports this module whenever it starts; what a hook does is in ``hooks``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from conda.plugins import hookimpl, types

_FOR = frozenset({"create", "install", "remove", "update"})


@hookimpl
def conda_subcommands() -> Iterator[types.CondaSubcommand]:
    """``conda preflight ...``, with the words that follow it."""
    yield types.CondaSubcommand(
        name="preflight",
        summary="Pre-flight checklist for conda environments that carry large models.",
        action=_run,
    )


def _run(arguments: Sequence[str]) -> int:
    from conda_preflight.cli import run

    return run(arguments)


@hookimpl
def conda_health_checks() -> Iterator[types.CondaHealthCheck]:
    """Three families of checks in ``conda doctor``."""
    from conda_preflight.hooks.health import FAMILIES, report

    for family, summary in FAMILIES.items():
        yield types.CondaHealthCheck(
            name=f"preflight-{family}", action=report(family), summary=summary
        )


@hookimpl
def conda_settings() -> Iterator[types.CondaSetting]:
    """``plugins: {preflight_protect: [...]}`` in a ``.condarc``."""
    from conda.common.configuration import PrimitiveParameter, SequenceParameter

    from conda_preflight.hooks.protection import PROTECTED, SETTING

    yield types.CondaSetting(
        name=SETTING,
        description="Names of environments that conda does not change, such as *_prod.",
        parameter=SequenceParameter(PrimitiveParameter("", element_type=str), default=PROTECTED),
    )


@hookimpl
def conda_pre_commands() -> Iterator[types.CondaPreCommand]:
    """Refuses before anything is solved or downloaded."""

    def refuse(command: str) -> None:
        from conda_preflight.hooks.refusing import refuse_command

        refuse_command(command)

    yield types.CondaPreCommand(name="preflight-protect", action=refuse, run_for=set(_FOR))


@hookimpl
def conda_pre_transaction_actions() -> Iterator[types.CondaPreTransactionAction]:
    """Refuses whoever asked for the change, and records what is there before it."""
    from conda_preflight.hooks.transactions import Before

    yield types.CondaPreTransactionAction(name="preflight-before", action=Before)


@hookimpl
def conda_post_transaction_actions() -> Iterator[types.CondaPostTransactionAction]:
    """Records what is there after a change."""
    from conda_preflight.hooks.transactions import After

    yield types.CondaPostTransactionAction(name="preflight-after", action=After)


@hookimpl
def conda_environment_exporters() -> Iterator[types.CondaEnvironmentExporter]:
    """``conda export --format preflight-lock``."""

    def export(environments: Any) -> str:  # noqa: ANN401  (conda's own values)
        from conda_preflight.hooks.exporting import lock_text

        return lock_text(environments)

    yield types.CondaEnvironmentExporter(
        name="preflight-lock",
        aliases=(),
        default_filenames=(),
        multiplatform_export=export,
        description="conda-lock.yml with addresses and digests, by conda-preflight",
        environment_format=types.EnvironmentFormat.lockfile,
    )


@hookimpl
def conda_environment_specifiers() -> Iterator[types.CondaEnvironmentSpecifier]:
    """``conda create --file conda-lock.yml``; beside conda-lockfiles only where it is named.

    Both would claim the same names, of which conda takes none then.
    """
    from importlib.util import find_spec

    if "environment_format" not in types.CondaEnvironmentSpecifier.__dataclass_fields__:
        return  # an older conda, which has other types here
    from conda_preflight.hooks.specifying import NAMES, LockSpec

    yield types.CondaEnvironmentSpecifier(
        name="preflight-lock",
        environment_spec=LockSpec,
        default_filenames=() if find_spec("conda_lockfiles") else NAMES,
        description="conda-lock.yml or pixi.lock, without a pip half, by conda-preflight",
        environment_format=types.EnvironmentFormat.lockfile,
    )
