"""licence/defaults-channel."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix, Project, Sbom
from conda_preflight.facts.licence_terms import ANACONDA_TERMS
from conda_preflight.grammar.channel import licensed
from conda_preflight.grammar.licensing import packages_in
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity


@check("licence/defaults-channel", Severity.WARNING)
def defaults_channel(document: Lock | Prefix | Sbom, project: Project) -> Iterator[Problem]:
    """Packages come from Anaconda's own channels, which have terms of service.

    What `defaults` stands for (`pkgs/main`, `pkgs/r`, `pkgs/msys2`) may be used for business by
    small organisations only, or with a licence: see https://www.anaconda.com/legal. An image with
    such packages passes them on. A manifest may ask for none of these channels and the environment
    still hold some, by a setting of conda or an older installation. Told once for a file.

    ## Fails

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://repo.anaconda.com/pkgs/main/linux-64/openssl-3.0.15-h5eee18b_0.conda#50c873c9660ed116707ae15b663928d8
    ```

    ```json prefix/conda-meta/openssl-3.0.15-h5eee18b_0.json
    {"name": "openssl", "version": "3.0.15", "build": "h5eee18b_0", "channel": "pkgs/main", "license": "Apache-2.0", "url": "https://repo.anaconda.com/pkgs/main/linux-64/openssl-3.0.15-h5eee18b_0.conda"}
    ```

    ## Passes

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/openssl-3.4.0-hb9d3cd8_0.conda#50c873c9660ed116707ae15b663928d8
    https://conda.example.org/main/linux-64/zlib-1.3.1-hb9d3cd8_2.conda#50c873c9660ed116707ae15b663928d9
    ```

    ## Fix

    Take the packages from conda-forge and lock again, or make sure of the licence and turn this
    rule off in the settings.
    """  # noqa: E501
    packages = packages_in(document, project)
    found = [(p, name) for p in packages if p.manager == "conda" and (name := _channel(p))]
    if found:
        channels = ", ".join(f"`{name}`" for name in dict.fromkeys(name for _, name in found))
        count = "One package comes" if len(found) == 1 else f"{len(found)} packages come"
        yield Problem(
            "channels",
            f"{count} from {channels}, which Anaconda's terms of service restrict: "
            f"{some(package.name for package, _ in found)}",
            found[0][0].location,
            f"Take them from `conda-forge`, or make sure of the licence ({ANACONDA_TERMS}).",
        )


def _channel(package: Package) -> str:
    """The channel by the place of the file, else by its name."""
    folder = package.url.rpartition("/")[0]
    return licensed(folder) if "://" in folder else licensed(package.channel)
