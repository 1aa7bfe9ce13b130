"""image/floating-base."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.image_name import BaseImage, base_images
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_VERSION = lazy_pattern(r"\d|buster|bullseye|bookworm|trixie|bionic|focal|jammy|noble")


@check("image/floating-base", Severity.ERROR)
def floating_base(dockerfile: Dockerfile) -> Iterator[Problem]:
    """An image is built on a base that changes under its name.

    Without a tag, and with `latest` or a tag that says no version, each build may begin from
    another image: what was tested is not what is built. That is an error. A version in the tag is
    better, but a tag can be pushed again: it is told as a note until a digest stands beside it.
    Names with arguments that have no default cannot be judged.

    ## Fails

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:latest
    RUN conda --version
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3
    RUN conda --version
    ```

    ```dockerfile Dockerfile
    ARG TAG=latest
    FROM mambaorg/micromamba:${TAG}
    RUN micromamba --version
    ```

    ```dockerfile Dockerfile
    FROM debian:12.7-slim
    RUN true
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12.7-slim@sha256:0123456789abcdef AS build
    RUN true
    FROM build
    FROM scratch
    ```

    ```dockerfile Dockerfile
    ARG BASE
    FROM ${BASE}
    RUN true
    ```

    ## Fix

    Write the version and the digest: `docker buildx imagetools inspect IMAGE` shows it. Then `FROM
    debian:12.7-slim@sha256:...`.
    """
    seen: set[str] = set()
    for image in base_images(dockerfile):
        if image.is_known and not image.digest and image.written not in seen:
            seen.add(image.written)
            yield _problem(image)


def _problem(image: BaseImage) -> Problem:
    is_moving = not _VERSION.search(image.tag)
    what = f"tag `{image.tag}`" if image.tag else "no tag"
    said = "each build may begin from another image" if is_moving else "a tag can be pushed again"
    return Problem(
        about=image.repository,
        message=f"The base {image.repository} has {what} and no digest, so {said}",
        location=image.location,
        fix=f"Write `{image.repository}:{'VERSION' if is_moving else image.tag}@sha256:...`.",
        severity=None if is_moving else Severity.NOTE,
    )
