"""lock/unhashed-requirements."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Requirements
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity

_NAMED = ("name", "url", "vcs", "path")


@check("lock/unhashed-requirements", Severity.ERROR)
def unhashed_requirements(requirements: Requirements) -> Iterator[Problem]:
    """Only some lines of a requirements file have hashes.

    One hash switches pip to a mode in which every requirement needs one: it refuses the whole
    file. Where somebody works around that, the lines without a hash are the ones that can be
    exchanged unseen.

    ## Fails

    ```text requirements.txt
    einops==0.8.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
    vllm==0.6.6
    ```

    ```text requirements.txt
    einops==0.8.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
    git+https://github.com/example/project@v1
    ```

    ## Passes

    ```text requirements.txt
    --index-url https://pypi.example.org/simple
    einops==0.8.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
    ```

    ```text requirements.txt
    einops==0.8.0
    vllm==0.6.6
    ```

    ## Fix

    Write the hashes of all lines, as `pip-compile --generate-hashes` does.
    """
    named = [req for req in requirements.pip if req.kind in _NAMED]
    bare = [req for req in named if not (req.hashes or _has_own(req.url))]
    if bare and any(req.hashes for req in named):
        names = some(req.name or req.text.strip() for req in bare)
        yield Problem(
            "hashes",
            f"{len(bare)} of {len(named)} requirements have no hash, so pip refuses the file: "
            f"{names}",
            bare[0].location,
            "Run `pip-compile --generate-hashes`, or write the hashes of these lines too.",
        )


def _has_own(url: str) -> bool:
    """Whether the URL carries a digest in its fragment, which pip takes as well."""
    return "#sha256=" in url or "&sha256=" in url
