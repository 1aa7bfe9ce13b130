"""manifest/unmatched-torch-family."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirements
from conda_preflight.facts.frameworks import FUTURE, OPEN_ENDED, torch_releases
from conda_preflight.facts.torch_family import fits_series, partners
from conda_preflight.fitting.torch_pins import pinned
from conda_preflight.grammar.asked import Asked, asked, by_conda, by_pip, pairs
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.written_line import conda_line, pip_line
from conda_preflight.report import Problem, Severity

_NO_OTHER_SOURCE = frozenset(("pytorch", "nvidia", "nodefaults"))


@check("manifest/unmatched-torch-family", Severity.ERROR)
def unmatched_torch_family(doc: Manifest | Requirements) -> Iterator[Problem]:
    """torch, torchvision and torchaudio are pinned to releases that do not belong together.

    Each torchvision and torchaudio is compiled against one torch: 0.15.2 and 2.0.2 against
    2.0.1. pip finds no solution for another pair, or replaces the pytorch that conda put in
    place; conda finds none, or `import torchvision` ends with an undefined symbol or "operator
    torchvision::nms does not exist". The same holds for vllm and xformers, whose wheels name
    one torch exactly.

    A range is at fault only where no release in it fits. Where both halves ask for torch, pip's
    counts, since it comes last. conda-forge builds a torchvision for
    a whole series of pytorch, so patch numbers do not count there, and builds some again for a
    later series, so that a pair of two series is a warning there. torchaudio 2.11 and
    torchvision since 0.29.1 work with every later torch.

    ## Fails

    ```text requirements.txt
    torch==2.0.1
    torchvision==0.16.0
    ```

    ```yaml environment.yml
    channels: [pytorch]
    dependencies:
      - pytorch=1.10.0
      - torchvision=0.10.0
    ```

    ```yaml environment.yml
    channels: [pytorch, nvidia]
    dependencies:
      - pytorch=2.1
      - pip:
          - torchaudio==2.0.2
    ```

    ```text requirements.txt
    torch==2.4.0
    vllm==0.6.6.post1
    ```

    ## Passes

    ```text requirements.txt
    torch==2.0.1+cu118
    torchvision==0.15.2+cu118
    torchaudio==2.0.2
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - pytorch=2.0.0
      - torchvision=0.15
    ```

    ```text requirements.txt
    torch>=2.1
    torchvision==0.17.0
    torchaudio
    ```

    ```text requirements.txt
    torch==2.13.0
    torchaudio==2.11.0
    ```

    ## Fix

    Take the releases that were made together; the message names them.
    """
    torches = by_pip(doc, "torch") or by_conda(doc, "pytorch", "pytorch-gpu")
    for name in ("torchvision", "torchaudio"):
        for torch, other in pairs(torches, asked(doc, name)):
            if not _fits(doc, torch, other):
                yield _unmatched(doc, torch, other)
                break
    for torch, other in pairs(torches, by_pip(doc, "vllm", "xformers", "sglang")):
        yield from _pinned(torch, other)


def _fits(doc: Manifest | Requirements, torch: Asked, other: Asked) -> bool:
    """Whether some pair of releases is allowed, or one side is not in the table."""
    rows = [row for row in torch_releases() if torch.allows(row.version)]
    known = {version for row in torch_releases() for version in partners(row, other.name)}
    allowed = set(other.of(known))
    if not (rows and allowed) or (other.allows(FUTURE) and torch.allows(FUTURE)):
        return True
    if torch.allows(FUTURE) and allowed & OPEN_ENDED:
        return True
    if any(allowed.intersection(partners(row, other.name)) for row in rows):
        return True
    return _by_series(doc, torch, other) and fits_series(rows, allowed, other.name)


def _by_series(doc: Manifest | Requirements, torch: Asked, other: Asked) -> bool:
    """Whether conda may take a build that was made for a whole series."""
    if "pip" in (torch.half, other.half) or not isinstance(doc, Manifest):
        return False
    if channel_name(torch.channel) == channel_name(other.channel) == "pytorch":
        return False
    return not {channel.name for channel in doc.channels} <= _NO_OTHER_SOURCE or not doc.channels


def _unmatched(doc: Manifest | Requirements, torch: Asked, other: Asked) -> Problem:
    rows = [row for row in torch_releases() if torch.allows(row.version)]
    belongs = next(row for row in torch_releases() if other.of(partners(row, other.name)))
    fitting = partners(rows[-1], other.name)[-1]
    line = (pip_line if other.half == "pip" else conda_line)(doc, other.name, fitting)
    message = f"`{other.text}` is made for torch {belongs.version}, and `{torch.text}` is asked for"
    fix = f"Write `{line}` beside torch {rows[-1].version}."
    rebuilt = Severity.WARNING if _by_series(doc, torch, other) else None
    return Problem(other.name, message, other.location, fix, rebuilt)


def _pinned(torch: Asked, other: Asked) -> Iterator[Problem]:
    version = other.constraint.removeprefix("==")
    wanted = pinned(other.name, version) if version != other.constraint else ""
    known = torch.constraint and torch.of(row.version for row in torch_releases())
    if wanted and known and not torch.allows(wanted):
        yield Problem(
            other.name,
            f"`{other.text}` takes torch {wanted} only, and `{torch.text}` is asked for",
            other.location,
            f"Write `torch=={wanted}`, or take another {other.name}.",
        )
