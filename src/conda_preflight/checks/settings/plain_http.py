"""settings/plain-http."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Condarc
from conda_preflight.grammar.condarc_value import texts
from conda_preflight.grammar.url import is_plain_http, redact
from conda_preflight.report import Problem, Severity

_FETCHED = frozenset(
    (
        "channel_alias",
        "channels",
        "custom_channels",
        "custom_multichannels",
        "default_channels",
        "migrated_custom_channels",
        "mirrored_channels",
        "signing_metadata_url_base",
    )
)


@check("settings/plain-http", Severity.ERROR)
def plain_http(condarc: Condarc) -> Iterator[Problem]:
    """A setting makes packages travel over plain http.

    Anybody on the way can change them, and the digests that conda compares, which come over the
    same connection. A package runs code when it is installed or imported. Looked at are
    the channels, their alias and their mirrors. Only this machine (`localhost`) may be asked
    without encryption; a proxy may be, since https stays encrypted through it.

    ## Fails

    ```yaml .condarc
    channels:
      - http://conda.example.org/ours
      - conda-forge
    ```

    ```yaml .condarc
    channel_alias: http://conda.example.org
    ```

    ```yaml .condarc
    custom_channels:
      conda-forge: http://mirror.example.org/cloud
    ```

    ```yaml .condarc
    custom_multichannels:
      ours:
        - http://conda.example.org/ours
    ```

    ```yaml .condarc
    default_channels: [http://mirror.example.org/main]
    ```

    ## Passes

    ```yaml .condarc
    channels:
      - https://conda.example.org/ours
      - http://localhost:8000/ours
      - file:///srv/channel
      - conda-forge
    proxy_servers:
      http: http://proxy.example.org:8080
      https: http://proxy.example.org:8080
    denylist_channels:
      - http://conda.example.org/ours
    ```

    ## Fix

    Write `https://`, and give the server a certificate where it has none.
    """
    for setting in condarc.settings:
        if setting.key not in _FETCHED:
            continue
        open_ones = [(url, at) for _, url, at in texts(setting) if is_plain_http(url)]
        if open_ones:
            first, place = open_ones[0]
            more = f" and {len(open_ones) - 1} more" if len(open_ones) > 1 else ""
            yield Problem(
                setting.key,
                f"`{setting.key}` fetches from `{redact(first)}`{more} over plain http, so anybody "
                "on the way can change the packages",
                place,
                "Write `https://` instead of `http://`.",
            )
