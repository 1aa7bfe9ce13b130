"""solve/needs-loose-priority."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.solves import Solves


@check("solve/needs-loose-priority", Severity.WARNING)
def needs_loose_priority(manifest: Manifest, solves: Solves) -> Iterator[Problem]:
    """The manifest has a solution only if strict channel priority is off.

    With strict priority a package comes from the first channel that has it, whatever version
    that is: so mamba and pixi work, and conda where it is set. Without it the same package may
    come from one channel today and from another tomorrow, built by other people against other
    libraries. It is an error where the settings ask for strict priority.

    ## Fails

    ```yaml environment.yml
    channels: [first, second]
    dependencies:
      - numpy=2.0
    ```

    ```text first/linux-64.packages
    numpy 1.26.4
    ```

    ```text second/linux-64.packages
    numpy 2.0.1
    ```

    ```yaml environment.yml
    channels: [first, second]
    dependencies:
      - app
    ```

    ```text first/linux-64.packages
    app 1.0: lib >=2
    lib 1.0
    ```

    ```text second/linux-64.packages
    lib 2.0
    ```

    ```toml preflight.toml
    channel-priority = "disabled"
    ```

    ## Passes

    ```yaml environment.yml
    channels: [first, second]
    dependencies:
      - second::numpy=2.0
    ```

    ```text first/linux-64.packages
    numpy 1.26.4
    ```

    ```text second/linux-64.packages
    numpy 2.0.1
    ```

    ## Fix

    Put the channel that has the version first, name it in the line (`second::numpy=2.0`), or ask
    for a version that the first channel has.
    """
    from conda_preflight.solving.telling import joined

    found = [p for p in solves.platforms(manifest) if solves.needs_loose(manifest, p)]
    if not found:
        return
    hidden = dict(solves.hidden(manifest, found[0]))
    first = next(iter(hidden), None)
    listed = {channel.text for channel in manifest.channels}
    named = [
        f"`{tier.name if tier.name in listed else tier.urls[0]}::{line.text.strip()}`"
        for line, tier in hidden.items()
    ]
    tried = bool(named) and solves.helps(manifest, found[0], hidden)
    yield Problem(
        "channel priority",
        f"On {joined(found)} there is a solution only without strict channel priority. "
        f"{solves.strict_reasons(manifest, found[0])}".strip(),
        first.location if first else manifest.channels_location or manifest.location,
        f"Write {joined(named)}, which was tried, or order the channels otherwise."
        if tried
        else "Order the channels otherwise, or name the channel in the lines.",
        Severity.ERROR if solves.is_strict(manifest) else None,
    )
