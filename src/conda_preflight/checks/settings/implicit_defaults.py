"""settings/implicit-defaults."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Condarc, Location, Project
from conda_preflight.grammar.channel import licensed
from conda_preflight.grammar.condarc_value import is_fragment, is_mamba_only, texts
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity

_INSTEAD = "Write `conda-forge` in its place, or make sure of the licence."
_ADD = "Add the line `channels: [conda-forge]`, or make sure of the licence."


@check("settings/implicit-defaults", Severity.WARNING)
def implicit_defaults(condarc: Condarc, project: Project) -> Iterator[Problem]:
    """The settings make conda take packages from Anaconda's own channels.

    `defaults` and everything at `repo.anaconda.com/pkgs` may be used for business by small
    organisations only, or with a licence: see https://www.anaconda.com/legal. A mirror of them
    changes nothing about that. Many releases of conda add `defaults` by themselves where no
    settings file names a channel.

    Where `default_channels` says what `defaults` stands for, that counts. Without a key
    `channels` only a project's single settings file is judged, since another may have it.

    ## Fails

    ```yaml .condarc
    channels:
      - conda-forge
      - defaults
    ```

    ```yaml .condarc
    channel_priority: strict
    ```

    ```yaml .condarc
    channels:
      - https://repo.anaconda.com/pkgs/main
    ```

    ```yaml .condarc
    default_channels:
      - https://mirror.example.org/anaconda/pkgs/main
    ```

    ## Passes

    ```yaml .condarc
    channels:
      - conda-forge
      - nvidia
    ```

    ```yaml .condarc
    channels:
      - defaults
    default_channels:
      - https://conda.example.org/conda-forge
    ```

    ```yaml .condarc
    channels:
      - anaconda
    channel_alias: https://conda.example.org
    ```

    ```yaml .condarc
    channels: [conda-forge]
    ```

    ## Fix

    Name the channels that are meant, without `defaults`.
    """
    named = [(text, place) for _, text, place in texts(condarc.get("channels"))]
    if not named:
        _judge_alone(condarc, project)
    stands_for = [(text, place) for _, text, place in texts(condarc.get("default_channels"))]
    for text, place in named or [("defaults", condarc.location)]:
        if found := _licensed(text, place, condarc, stands_for):
            said = "are taken" if named else "are taken where nobody names a channel"
            yield Problem(
                "channels",
                f"Packages of `{redact(found[0])}` {said}, which Anaconda's terms of service "
                "restrict",
                found[1],
                _INSTEAD if named else _ADD,
            )
            return


def _judge_alone(condarc: Condarc, project: Project) -> None:
    if is_mamba_only(condarc):
        raise Skip("mamba adds no channels by itself")
    if is_fragment(condarc) or len(project.of(Condarc)) > 1:
        raise Skip("another settings file may name the channels")


def _licensed(
    text: str, place: Location, condarc: Condarc, stands_for: list[tuple[str, Location]]
) -> tuple[str, Location] | None:
    """What of a channel is under Anaconda's terms, and where it is said."""
    if text == "defaults" and condarc.get("default_channels"):
        return next(((url, at) for url, at in stands_for if licensed(url)), None)
    if text == "defaults" or "://" in text:
        return (text, place) if licensed(text) else None
    moved = {key for key, _, _ in texts(condarc.get("custom_channels"))}
    alias = next((url for _, url, _ in texts(condarc.get("channel_alias"))), "")
    elsewhere = alias and "anaconda.org" not in alias.lower()
    return (text, place) if licensed(text) and not elsewhere and text not in moved else None
