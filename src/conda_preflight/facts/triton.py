"""Which assembler a release of triton brings: what ``torch.compile`` can compile for."""

from __future__ import annotations

from functools import cache

from conda_preflight.facts.table import table


@cache
def _assemblers() -> dict[str, str]:
    rows = table("triton_assemblers")
    return {row["triton"]: row["blackwell"] or row["ptxas"] for row in rows}


def ptxas_of(version: str) -> str:
    """The CUDA of its newest ptxas, or of another patch release; empty where not known."""
    known = _assemblers()
    series = version.split(".")[:2]
    same = [cuda for name, cuda in known.items() if name.split(".")[:2] == series]
    return known.get(version) or (same[-1] if same else "")


@cache
def targets(cuda: str) -> tuple[str, ...]:
    """The capabilities that the assembler of a toolkit knows: "9.0a"; empty where not known."""
    rows = (row for row in table("assembler_targets") if row["cuda"] == cuda)
    return next((tuple(row["targets"].split()) for row in rows), ())
