"""licence/copyleft-served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix, Project, Sbom
from conda_preflight.facts.licence_terms import COPYLEFT, NETWORK_COPYLEFT
from conda_preflight.grammar.licensing import Stated, bound_by, fits, stated
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity


@check("licence/copyleft-served", Severity.WARNING)
def copyleft_served(
    document: Lock | Prefix | Sbom, project: Project, *, served: bool = False
) -> Iterator[Problem]:
    """A package's licence reaches what is served or passed on with it.

    The AGPL and a few others ask whoever lets people use the program over a network to offer them
    its source, that of the changed program included: a model behind an API is such a use. The GPL
    asks it of whoever passes copies on, which is what a published image does; that is a note.
    Where the licence is a choice (`GPL-2.0-only OR MIT`), or has an exception for what only links
    to it (`GPL-3.0-only WITH GCC-exception-3.1`), nothing is told.

    With `served = true` the settings say that this environment answers requests: then the AGPL is
    an error.

    ## Fails

    ```json prefix/conda-meta/ghostscript-10.04.0-0.json
    {"name": "ghostscript", "version": "10.04.0", "build": "0", "license": "AGPL-3.0-only"}
    ```

    ```json prefix/conda-meta/readline-8.2-0.json
    {"name": "readline", "version": "8.2", "build": "0", "license": "GPL-3.0-only"}
    ```

    ```toml preflight.toml
    [rules."licence/copyleft-served"]
    served = true
    ```

    ```text prefix/conda-meta/history
    ```

    ```text prefix/lib/python3.11/site-packages/ultralytics-8.3.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: ultralytics
    Version: 8.3.0
    License: AGPL-3.0
    ```

    ## Passes

    ```json prefix/conda-meta/libgcc-14.2.0-0.json
    {"name": "libgcc", "version": "14.2.0", "build": "0", "license": "GPL-3.0-only WITH GCC-exception-3.1"}
    ```

    ```json prefix/conda-meta/freetype-2.13.3-0.json
    {"name": "freetype", "version": "2.13.3", "build": "0", "license": "GPL-2.0-only OR FTL"}
    ```

    ## Fix

    Take another package for the same purpose, buy other terms from the authors, or offer the
    source as the licence asks.
    """  # noqa: E501
    found = stated(document, project)
    network = list(bound_by(found, fits(NETWORK_COPYLEFT)))
    if network:
        weight = Severity.ERROR if served else Severity.WARNING
        what = "whose licence counts use over a network as passing on"
        yield _problem("network", network, what, weight)
    is_gpl = fits(COPYLEFT)
    plain = list(bound_by(found, lambda one: is_gpl(one) and " WITH " not in one))
    if plain:
        yield _problem("copies", plain, "under the GPL, which binds copies", Severity.NOTE)


def _problem(about: str, found: Sequence[Stated], what: str, weight: Severity) -> Problem:
    names = some(f"{each.package.name} ({each.licence.expression})" for each in found)
    count = "One package is" if len(found) == 1 else f"{len(found)} packages are"
    return Problem(
        about,
        f"{count} here {what}: {names}",
        found[0].package.location,
        "Take others, or offer the source as the licence asks.",
        weight,
    )
