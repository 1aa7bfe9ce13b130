"""licence/denied."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Prefix, Project, Sbom
from conda_preflight.grammar.licence import rank
from conda_preflight.grammar.licensing import Stated, fits, stated
from conda_preflight.report import Problem, Severity

_ALLOWED, _WARNED, _DENIED = range(3)


@check("licence/denied", Severity.ERROR)
def denied(
    document: Lock | Prefix | Sbom,
    project: Project,
    *,
    allow: tuple[str, ...] = (),
    warn: tuple[str, ...] = (),
    deny: tuple[str, ...] = (),
) -> Iterator[Problem]:
    """A package has a licence that the policy does not allow.

    The policy is three lists of SPDX licences, in which `*` stands for anything. A licence that
    fits `allow` is allowed, else one that fits `warn` is a warning, else one that fits `deny` is an
    error; any other is an error where there is a list `allow`, and allowed where there is none.
    Of an expression, `OR` is satisfied by its best side and `AND` needs both; a licence with an
    exception is one (`GPL-3.0-only WITH GCC-exception-3.1`), which `GPL-*` fits and
    `* WITH GCC-exception-*` can allow. Without a list nothing is judged.

    A text that is no SPDX expression is told by `licence/unknown`.

    ## Fails

    ```toml preflight.toml
    [rules."licence/denied"]
    deny = ["GPL-*"]
    ```

    ```json prefix/conda-meta/fftw-3.3.10-0.json
    {"name": "fftw", "version": "3.3.10", "build": "0", "license": "GPL-2.0-or-later"}
    ```

    ```toml preflight.toml
    [rules."licence/denied"]
    allow = ["MIT", "BSD-*"]
    ```

    ```json prefix/conda-meta/tqdm-4.67.1-0.json
    {"name": "tqdm", "version": "4.67.1", "build": "0", "license": "MPL-2.0 AND MIT"}
    ```

    ```toml preflight.toml
    [rules."licence/denied"]
    warn = ["LGPL-*"]
    ```

    ```json sbom.cdx.json
    {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
      {"name": "chardet", "purl": "pkg:pypi/chardet@5.2.0", "licenses": [{"expression": "LGPL-2.1-or-later"}]}]}
    ```

    ## Passes

    ```toml preflight.toml
    [rules."licence/denied"]
    deny = ["GPL-*"]
    allow = ["* WITH GCC-exception-*"]
    ```

    ```json prefix/conda-meta/libgcc-14.2.0-0.json
    {"name": "libgcc", "version": "14.2.0", "build": "0", "license": "GPL-3.0-only WITH GCC-exception-3.1"}
    ```

    Whoever may choose takes the allowed side:

    ```toml preflight.toml
    [rules."licence/denied"]
    allow = ["FTL", "MIT"]
    ```

    ```json prefix/conda-meta/freetype-2.13.3-0.json
    {"name": "freetype", "version": "2.13.3", "build": "0", "license": "GPL-2.0-only OR FTL"}
    ```

    ## Fix

    Take another package for the same purpose, or a build of it under other terms, or allow the
    licence. A single exception is a waiver with a reason.
    """  # noqa: E501
    if not (allow or warn or deny):
        raise Skip("the settings allow and deny no licences")
    allowed, warned, refused = fits(allow), fits(warn), fits(deny)

    def weigh(one: str) -> int:
        if allowed(one):
            return _ALLOWED
        if warned(one):
            return _WARNED
        return _DENIED if refused(one) or allow else _ALLOWED

    for each in stated(document, project):
        if each.licence.expression:
            yield from _problem(each, rank(each.licence.expression, weigh))


def _problem(each: Stated, weight: int) -> Iterator[Problem]:
    if weight == _ALLOWED:
        return
    package, what = each.package, each.licence.expression
    how = "is denied" if weight == _DENIED else "is allowed with a warning"
    yield Problem(
        package.name,
        f"The licence of `{package.name}` {package.version}, `{what}`, {how} by the policy",
        package.location,
        "Take another package, or allow the licence in the settings.",
        None if weight == _DENIED else Severity.WARNING,
    )
