"""A Dockerfile of two stages: one makes the environment from its lock, one runs it.

The first has the installer, and parts the environment into tiers; the second has a small base and
one layer for each tier, so that a new version of a package of the task ships no framework again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from conda_preflight.facts.tasks import Task
from conda_preflight.imaging.tiers import TIERS
from conda_preflight.plain import value_type

LOCK, REQUIREMENTS = "environment.lock", "requirements.lock"
SPLIT, TABLE = "split_layers.py", "tiers.json"
FOLDER = "image"
BUILDER = "mambaorg/micromamba:2.0.5"
BASE = "debian:12-slim"


@value_type
class Recipe:
    """What to write: images with their digests, the task, and facts of the lock.

    ``digest`` is the SHA-256 of the lock, empty while there is none, ``lock`` its name;
    ``prefix`` is where the environment lies in the image, ``user`` the number it runs as;
    ``init`` is true where the environment has tini, ``certificates`` where it has
    ca-certificates.
    """

    task: Task
    lock: str
    digest: str
    platform: str
    has_pip: bool
    init: bool
    gpu: bool
    certificates: bool = False
    tiers: tuple[str, ...] = TIERS
    builder: str = BUILDER
    base: str = BASE
    prefix: str = "/opt/env"
    user: str = "65532"


def write(recipe: Recipe) -> str:
    """The text of the Dockerfile."""
    return "\n".join([*_head(recipe), "", *_environment(recipe), "", *_runtime(recipe), ""])


def _head(recipe: Recipe) -> Iterator[str]:
    yield "# syntax=docker/dockerfile:1"
    if not recipe.digest:
        yield f"# There is no {recipe.lock} yet, so this cannot be built. What makes it:"
        yield "#   conda-preflight lock"
        yield f"#   conda-preflight image dockerfile {_chosen(recipe)} --force"
        return
    yield f"# Written by conda-preflight from {recipe.lock}, whose SHA-256 is"
    yield f"# {recipe.digest}. Lock again and write it again; what is"
    yield f"# changed here by hand is lost. Its files lie in the folder {FOLDER}."


def _chosen(recipe: Recipe) -> str:
    default = recipe.platform == "linux-64"
    return f"--task {recipe.task.name}" + ("" if default else f" --platform {recipe.platform}")


def _environment(recipe: Recipe) -> Iterator[str]:
    at = recipe.prefix
    yield f"FROM {recipe.builder} AS environment"
    yield "USER 0:0"
    yield "WORKDIR /build"
    if not recipe.digest:
        yield 'RUN echo "There is no lock yet: see the first lines of this file." && false'
        return
    files = [LOCK, *([REQUIREMENTS] if recipe.has_pip else []), SPLIT, TABLE]
    yield f"COPY {' '.join(f'{FOLDER}/{file}' for file in files)} ./"
    yield "# Each file is compared with its digest in the lock."
    yield f"RUN micromamba create --yes --prefix {at} --file {LOCK} --always-copy \\"
    yield "    && micromamba clean --all --yes"
    yield "# Modules are compiled, the environment is frozen, each tier gets a folder."
    part = f"{at}/bin/python {SPLIT} {at} /layers {TABLE}"
    if recipe.has_pip:
        yield f"RUN {at}/bin/python -m pip install --no-cache-dir --no-deps --require-hashes \\"
        yield f"    --no-compile --requirement {REQUIREMENTS} \\"
        yield f"    && {part}"
    else:
        yield f"RUN {part}"
    yield f"USER {recipe.user}:{recipe.user}"


def _runtime(recipe: Recipe) -> Iterator[str]:
    at, task = recipe.prefix, recipe.task
    yield f"FROM {recipe.base}"
    yield from _labels(recipe)
    for tier in recipe.tiers:
        yield f"COPY --from=environment /layers/{tier}/ /"
    yield from _variables(recipe)
    yield "WORKDIR /app"
    yield "COPY . ."
    yield f"USER {recipe.user}:{recipe.user}"
    if task.port:
        yield f"EXPOSE {task.port}"
        yield from _health(task)
    if recipe.init:
        yield f"ENTRYPOINT {json.dumps([f'{at}/bin/tini', '--'])}"
    yield f"CMD {json.dumps(list(task.command))}"


def _labels(recipe: Recipe) -> Iterator[str]:
    if not recipe.digest:
        return
    yield f'LABEL io.conda-preflight.lock="sha256:{recipe.digest}" \\'
    yield f'      io.conda-preflight.platform="{recipe.platform}"'


def _variables(recipe: Recipe) -> Iterator[str]:
    """What an activation would set; no program of conda's is needed for it."""
    at = recipe.prefix
    rows = [
        ("PATH", f"{at}/bin:$PATH"),
        ("CONDA_PREFIX", at),
        ("CONDA_DEFAULT_ENV", at),
        *([("SSL_CERT_FILE", f"{at}/ssl/cacert.pem")] if recipe.certificates else []),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("PYTHONNOUSERSITE", "1"),
        ("PYTHONUNBUFFERED", "1"),
        *recipe.task.environment,
    ]
    if recipe.gpu:
        rows += [
            ("NVIDIA_VISIBLE_DEVICES", "all"),
            ("NVIDIA_DRIVER_CAPABILITIES", "compute,utility"),
        ]
    for number, (name, value) in enumerate(rows):
        lead = "ENV " if not number else "    "
        end = " \\" if number < len(rows) - 1 else ""
        yield f'{lead}{name}="{value}"{end}'


def _health(task: Task) -> Iterator[str]:
    address = f"http://127.0.0.1:{task.port}{task.health}"
    code = f"import urllib.request as r; r.urlopen('{address}', timeout=4)"
    yield "HEALTHCHECK --interval=30s --timeout=5s --start-period=300s \\"
    yield f"    CMD {json.dumps(['python', '-c', code])}"
