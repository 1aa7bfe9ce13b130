"""manifest/invalid-spec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project, Source, Spec
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Edit, Problem, Severity

_TURNED = lazy_pattern(r"(?:[\w.-]+::)?[\w.-]+ ?=[<>][\w.]+")


@check("manifest/invalid-spec", Severity.ERROR)
def invalid_spec(manifest: Manifest, project: Project) -> Iterator[Problem]:
    """A dependency is one that conda refuses, or reads as something else.

    One such line stops the whole file, or gives another package than the one that is meant:
    `conda-forge:numpy` forgets the channel, `numpy (>=2)` the version. A lone `numpy=>2` is a
    warning: conda reads it as `>2*`, and pixi refuses it. Lines of pip, with `;` or `[extras]`
    or `git+https`, belong under `pip:`.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - numpy=>2.1
    ```

    ```yaml environment.yml
    dependencies:
      - conda-forge:numpy
    ```

    ```yaml environment.yml
    dependencies:
      - ray[default]
      - numpy (>=1.20)
      - 'scipy>=1.10<2'
      - pandas;python_version<'3.9'
    ```

    ```yaml environment.yml
    dependencies:
      - python=3.11
      - git+https://example.org/model.git
    ```

    ```yaml environment.yml
    dependencies:
      - numpy: 1.26
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - python >=3.10, <3.12
      - numpy = 1.26
      - scipy==1.11.*
      - pytorch=2.4=cuda*
      - conda-forge::pandas[version='>=2,(<2.1|>2.2)']
      - https://conda.example.org/ours/linux-64/model-1.0-0.conda
      - pip
      - pip:
          - ray[default]
    ```

    ## Fix

    Write it as conda reads it: `name=1.2`, `name>=1.2,<2`, `channel::name`. `conda-preflight audit
    --fix` does it where it is clear what was meant.
    """
    refused = [spec for spec in manifest.specs if spec.error]
    if refused:
        source = next((s for s in project.of(Source) if s.path == manifest.path), None)
        for spec in refused:
            yield Problem(
                spec.name or spec.text[:120],
                _message(spec, read=_is_read(manifest, spec)),
                spec.location,
                _fix(spec),
                Severity.WARNING if _is_read(manifest, spec) else None,
                edits=_edits(spec, source),
            )


def _message(spec: Spec, *, read: bool) -> str:
    if read:
        return f"conda reads `{_short(spec.text)}` its own way, and pixi refuses it. {spec.error}"
    return f"conda cannot use `{_short(spec.text)}`. {spec.error}"


def _is_read(manifest: Manifest, spec: Spec) -> bool:
    """Whether it is a lone ``name=>1.2``, which conda's own parser makes ``>1.2*`` of."""
    return manifest.kind == "environment.yml" and bool(_TURNED.fullmatch(spec.text))


def _fix(spec: Spec) -> str:
    if spec.meant:
        return f"Write `{_short(spec.meant)}`."
    if not spec.name:
        return "Write it as `name=1.2`, or move a line that is pip's below `pip:`."
    return f"Write it as `{spec.name}=1.2`, `{spec.name}>=1.2,<2` or `{spec.name}`."


def _edits(spec: Spec, source: Source | None) -> tuple[Edit, ...]:
    """The line as it was meant, where its text stands in the file as it was read."""
    if not spec.meant or source is None or "\n" in spec.text:
        return ()
    line, start = source.line(spec.location.line), spec.location.column - 1
    found = line.find(spec.text, start, start + len(spec.text) + 1)
    after = line[found + len(spec.text) :].strip(" \"'")
    if found < 0 or (after and not after.startswith("#")) or line[:found].strip(" -\"'"):
        return ()
    at = replace(spec.location, column=found + 1, length=len(spec.text))
    return (Edit(at, spec.text, spec.meant),)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."  # noqa: PLR2004  (one line)
