"""target/unmatched-tokenizers."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix
from conda_preflight.facts.companions import companions
from conda_preflight.fitting.side_by_side import Together, judged, release
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity


@check("target/unmatched-tokenizers", Severity.ERROR)
def unmatched_tokenizers(lock: Lock | Prefix) -> Iterator[Problem]:
    """Transformers refuses the tokenizers or the huggingface-hub beside it.

    It looks at their versions when it is imported and ends with "tokenizers>=0.21,<0.22 is
    required for a normal functioning of this module". A solver keeps them together; a mixture
    of conda and pip, or an installation without dependencies, does not.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip transformers==4.48.3
    # pip tokenizers==0.20.3
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip transformers==4.57.6
    # pip huggingface-hub==1.2.0
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip transformers==4.48.3
    # pip tokenizers==0.21.0
    # pip huggingface-hub==0.27.0
    ```

    ## Fix

    Take the version that the message names.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    transformers = env.any("transformers")
    for row in companions(release(transformers.version)) if transformers else ():
        other = env.any(row.name, row.name.replace("-", "_"))
        if transformers and other and matches(row.wanted, release(other.version)) is False:
            yield Problem(
                row.name,
                f"`transformers` {transformers.version} takes {row.name} {row.wanted}, and "
                f"{other.version} is there",
                other.location,
                f"Take `{row.name}{row.wanted}`.",
            )
