"""``conda-preflight completion``: the script by which a shell completes commands and names."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

SHELLS = ("bash", "zsh", "fish")
_PROGRAM = "conda-preflight"
_VARIABLE = "_CONDA_PREFLIGHT_COMPLETE"  # click derives this name from that of the program


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Write the script of SHELL that completes commands, options, rules and targets.

    In ~/.bashrc: eval "$(conda-preflight completion bash)", and the same in ~/.zshrc with zsh,
    after compinit. For fish: conda-preflight completion fish >
    ~/.config/fish/completions/conda-preflight.fish
    """
    kind = get_completion_class(shell)
    if kind is None:  # click has all three
        raise click.ClickException(f"click cannot complete in {shell}.")
    click.echo(kind(click.Command(_PROGRAM), {}, _PROGRAM, _VARIABLE).source())


def rules(
    ctx: click.Context,  # noqa: ARG001  (click's signature)
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """Families and rules that begin so; the rules of one family after its slash."""
    from conda_preflight import catalog

    found = [check.rule for check in catalog.checks() if check.rule.id.startswith(incomplete)]
    if "/" in incomplete:
        return [CompletionItem(rule.id, help=rule.summary) for rule in found]
    families = [name for name in catalog.families() if name.startswith(incomplete)]
    if len(families) == 1:  # or a shell would end the word before the slash
        return [CompletionItem(rule.id, help=rule.summary) for rule in found]
    return [CompletionItem(name) for name in families]


def targets(
    ctx: click.Context,  # noqa: ARG001  (click's signature)
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """Presets that begin so, or files where none does."""
    from conda_preflight.facts.presets import names

    found = [CompletionItem(name) for name in names() if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]
