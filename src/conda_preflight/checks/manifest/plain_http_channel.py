"""manifest/plain-http-channel."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Location, Manifest
from conda_preflight.grammar.url import is_plain_http, redact
from conda_preflight.report import Problem, Severity


@check("manifest/plain-http-channel", Severity.ERROR)
def plain_http_channel(manifest: Manifest) -> Iterator[Problem]:
    """Packages travel over plain http, so anybody on the way can change them.

    The digests that conda compares come from the same channel, over the same connection, and
    prove nothing. A package runs code when it is installed or imported. Only this machine
    (`localhost`) may be asked without encryption.

    ## Fails

    ```yaml environment.yml
    channels:
      - http://conda.example.org/ours
      - conda-forge
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    channels:
      - conda-forge
    dependencies:
      - http://conda.example.org/ours/linux-64/model-1.0-0.conda
    ```

    ## Passes

    ```yaml environment.yml
    channels:
      - https://conda.example.org/ours
      - http://localhost:8000/ours
      - file:///srv/channel
      - conda-forge
    dependencies:
      - python=3.11
    ```

    ## Fix

    Write `https://`, and give the server a certificate where it has none.
    """
    told: set[str] = set()
    for url, place in _urls(manifest):
        if is_plain_http(url) and (about := redact(url)) not in told:
            told.add(about)
            yield Problem(
                about,
                f"`{about}` is fetched over plain http, so anybody on the way can change it",
                place,
                "Write `https://` instead of `http://`.",
            )


def _urls(manifest: Manifest) -> Iterator[tuple[str, Location]]:
    for channel in manifest.channels:
        yield channel.text, channel.location
    for spec in manifest.specs:
        yield spec.channel or spec.url or "", spec.location
