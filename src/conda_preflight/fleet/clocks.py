"""Clocks of nodes against the one here, as a fact that can be compared."""

from __future__ import annotations

from dataclasses import replace

from conda_preflight.fleet.answers import Clock, NodeAnswer

TOLERATED = 0.5
"""Seconds; more misleads who lays the logs of two nodes side by side."""


def told(clock: Clock) -> str:
    """Whether it is within what is tolerated, as far as the round trip lets it be known."""
    if clock.bound > TOLERATED:
        return f"not known: the round trip took {2 * clock.bound:.1f} s"
    if abs(clock.ahead) - clock.bound <= TOLERATED:
        return f"within {TOLERATED} s"
    side = "ahead" if clock.ahead > 0 else "behind"
    return f"{abs(clock.ahead):.1f} s {side}"


def with_clock(answer: NodeAnswer, clock: Clock | None) -> NodeAnswer:
    """The answer with what became known of the clock of its node; None for nothing."""
    if clock is None:
        return answer
    return replace(answer, clock=clock, measured={**answer.measured, "clock": told(clock)})
