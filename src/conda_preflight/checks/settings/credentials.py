"""settings/credentials."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Condarc, Location, Setting
from conda_preflight.facts.condarc_keys import KEYS
from conda_preflight.grammar.condarc_value import texts
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity

_FIX = "Take the secret out and make a new one; write `${NAME}`, or keep it in `~/.netrc`."


@check("settings/credentials", Severity.ERROR)
def credentials(condarc: Condarc) -> Iterator[Problem]:
    """A password or token is written into conda's settings.

    The file is copied into images, logs and version control, and whoever reads one of them can
    use the secret. Deleting the line later does not help: the history keeps it. Looked at are
    all settings: channels, their alias, mirrors, proxies, and those of plugins.

    Names of variables (`${TOKEN}`) are no secrets. The secret itself is never shown.

    ## Fails

    ```yaml .condarc
    channels:
      - https://robot:hunter2@conda.example.org/ours
    ```

    ```yaml .condarc
    channel_alias: https://conda.example.org/t/ab-12345678-cdef
    ```

    ```yaml .condarc
    proxy_servers:
      https: http://robot:hunter2@proxy.example.org:8080
    ```

    ```yaml .condarc
    custom_multichannels:
      ours:
        - https://conda.example.org/t/ab-12345678-cdef/ours
    ```

    ```yaml .condarc
    channel_settings:
      - channel: https://conda.example.org/*
        auth: http-basic
        password: hunter2
    ```

    ## Passes

    ```yaml .condarc
    channels:
      - https://conda.example.org/t/${CONDA_TOKEN}/ours
      - https://conda.example.org/t/$CONDA_TOKEN/ours
      - conda-forge
    add_anaconda_token: on
    client_ssl_cert_key: /etc/ssl/private/robot.key
    proxy_servers:
      https: http://${PROXY_USER}:${PROXY_PASSWORD}@proxy.example.org:8080
    channel_settings:
      - channel: https://conda.example.org/*
        auth: token
    ```

    ## Fix

    Make the secret invalid and get a new one. Write `${NAME}`, which conda expands in URLs, or
    keep it in `~/.netrc`, the keyring or `conda token`.
    """
    for setting in condarc.settings:
        key = redact(setting.key)
        for shown, place in _secrets(setting):
            yield Problem(
                f"{key} {shown}",
                f"A secret is written into `{key}`: `{_short(shown)}`",
                place,
                _FIX,
            )


def _secrets(setting: Setting) -> Iterator[tuple[str, Location]]:
    """Values that carry a secret, masked; a key such as ``password`` tells of one as well."""
    for key, text, place in texts(setting):
        name = key.rpartition(".")[2] or ("" if setting.key in KEYS else setting.key)
        whole = f"{name}: {text}" if name.replace("-", "_").isidentifier() else text
        if redact(text) != text or redact(whole) != whole:
            yield redact(whole), place


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."  # noqa: PLR2004  (one line)
