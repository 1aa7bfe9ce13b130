"""house/other-mirror."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight import Problem, Severity, Skip, check
from conda_preflight.documents import Lock


@check("house/other-mirror", Severity.ERROR)
def other_mirror(
    lock: Lock, *, mirrors: tuple[str, ...] = ("https://conda.example.org/",)
) -> Iterator[Problem]:
    """A locked package comes from elsewhere than the house's mirror.

    Machines of the house reach nothing else, so that such a lock cannot be installed on them.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://elsewhere.example.org/main/linux-64/zlib-1.3.1-h4ab18f5_1.conda
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/zlib-1.3.1-h4ab18f5_1.conda
    ```

    ## Fix

    Lock again with `--channel-alias https://conda.example.org`.
    """
    if not mirrors:
        raise Skip("no mirror is named")
    for package in lock.packages:
        if package.manager == "conda" and not package.url.startswith(mirrors):
            yield Problem(
                package.name,
                f"{package.name} {package.version} comes from {package.url}",
                package.location,
                f"Lock again with `--channel-alias {mirrors[0].rstrip('/')}`.",
            )
