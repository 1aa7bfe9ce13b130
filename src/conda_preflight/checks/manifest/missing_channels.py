"""manifest/missing-channels."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity


@check("manifest/missing-channels", Severity.WARNING)
def missing_channels(manifest: Manifest) -> Iterator[Problem]:
    """The manifest does not say which channels its packages come from.

    conda then takes the channels of the machine's own settings. With Miniconda those are
    Anaconda's `defaults`, with Miniforge they are conda-forge, so that one file gives two
    environments. `defaults` also needs a licence in larger organisations.

    This is a warning and no error: the file works, though not everywhere alike.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels:
    dependencies:
      - python=3.11
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels:
      - conda-forge
      - nodefaults
    dependencies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - conda-forge::python=3.11
    ```

    ## Fix

    Write `channels:` with `- conda-forge`, and `- nodefaults` to shut out the machine's own.
    """
    if manifest.partial:
        raise Skip("a fragment that is merged into other manifests needs no channels")
    anywhere = [spec for spec in manifest.specs if not (spec.channel or spec.url)]
    if manifest.kind == "environment.yml" and not manifest.channels and anywhere:
        yield Problem(
            "channels",
            "The manifest names no channels, so each machine takes those of its own settings",
            manifest.channels_location or manifest.location,
            "Write `channels:` and below it `  - conda-forge` and `  - nodefaults`.",
        )
