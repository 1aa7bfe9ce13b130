"""manifest/build-pinned."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project, Spec
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_SHOWN = 3
_FEW = 3
_NUMBERED = lazy_pattern(r"(?:.*_)?\d{1,9}")


@check("manifest/build-pinned", Severity.WARNING)
def build_pinned(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """Packages are pinned to single builds, as `conda env export` writes them.

    A build string such as `h7579374_1` names one file for one platform. On another platform
    nothing is found, and as soon as a channel withdraws the file the manifest is dead. What is
    exact belongs in a lock, which has a section for each platform and a digest for each file.

    A build with a star, or without a number, chooses a variant (`=*=*cuda*`, `=*=mkl`) and is
    not told. A few builds, or a manifest for one platform, are only noted.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - _libgcc_mutex=0.1=main
      - numpy=1.26.4=py311h64a7726_0
      - openssl=3.3.1=h4bc722e_2
      - python=3.11.9=hb806964_0_cpython
      - xz=5.2.6=h166bdaf_0
      - zlib=1.3.1=h4ab18f5_1
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - xformers=0.0.27=py311_cu12.1.0_pyt2.3.1_0
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - pytorch=2.4=cuda*
      - blas=*=mkl
      - libblas=*=*_openblas
      - _libgcc_mutex=0.1=conda_forge
      - _openmp_mutex=*=*_gnu
    ```

    ## Fix

    Write what you need, without builds, and make a lock of it. `conda env export --from-history`
    gives the packages that somebody asked for.
    """
    pinned = [spec for spec in manifest.specs if _names_a_file(spec)]
    if not pinned:
        return
    names = ", ".join(f"`{spec.text}`" for spec in pinned[:_SHOWN])
    one = len(pinned) == 1
    yield Problem(
        "builds",
        f"{len(pinned)} {'package is' if one else 'packages are'} pinned to single builds, which "
        f"exist for one platform: {names}{' ...' if len(pinned) > _SHOWN else ''}",
        pinned[0].location,
        f"Write `{_without_build(pinned[0])}`, and keep the builds in a lock.",
        Severity.NOTE if len(pinned) <= _FEW or _one_platform(manifest, project) else None,
    )


def _names_a_file(spec: Spec) -> bool:
    """Whether the build ends in a number, as build strings of files do."""
    build = spec.build or ""
    if not build or "*" in build or spec.url or spec.error:
        return False
    return bool(_NUMBERED.fullmatch(build.removesuffix("_cpython").removesuffix("_pypy")))


def _one_platform(manifest: Manifest, project: Project) -> bool:
    stated = [name.text for name in manifest.platforms] or list(project.platforms)
    return len(set(stated)) == 1


def _without_build(spec: Spec) -> str:
    version = (spec.version or "").removeprefix("==")
    return f"{spec.name}={version}" if version and version[0].isalnum() else spec.name
