"""manifest/licensed-channel."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Location, Manifest
from conda_preflight.grammar.channel import licensed
from conda_preflight.report import Problem, Severity


@check("manifest/licensed-channel", Severity.WARNING)
def licensed_channel(manifest: Manifest) -> Iterator[Problem]:
    """Packages come from Anaconda's own channels, which have terms of service.

    `defaults`, `anaconda`, `main`, `r`, `msys2` and everything at `repo.anaconda.com/pkgs` may be
    used for business by small organisations only, or with a licence: see
    https://www.anaconda.com/legal. An image or a mirror passes the packages on as well. The
    channels conda-forge, nvidia, pytorch and bioconda have no such terms.

    An organisation that has the licence can turn this rule off in its settings.

    ## Fails

    ```yaml environment.yml
    channels:
      - conda-forge
      - defaults
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    channels:
      - https://repo.anaconda.com/pkgs/main
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - anaconda::python=3.11
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - conda-forge
      - nvidia
      - nodefaults
      - https://conda.example.org/main
    dependencies:
      - python=3.11
    ```

    ## Fix

    Take the packages from conda-forge, and write `nodefaults` among the channels.
    """
    places = [*((c.text, c.location) for c in manifest.channels), *_qualified(manifest)]
    found = [(name, place) for text, place in places if (name := licensed(text))]
    if found:
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(name for name, _ in found))
        yield Problem(
            "channels",
            f"Packages come from {names}, which Anaconda's terms of service restrict",
            found[0][1],
            "Take them from `conda-forge`, with `nodefaults` as a further channel, "
            "or make sure of the licence.",
        )


def _qualified(manifest: Manifest) -> list[tuple[str, Location]]:
    return [(spec.channel, spec.location) for spec in manifest.specs if spec.channel]
