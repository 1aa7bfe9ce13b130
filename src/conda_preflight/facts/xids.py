"""Xid messages of the NVIDIA driver: what each says, and whether the hardware is in doubt.

Source: https://docs.nvidia.com/deploy/xid-errors/index.html.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Xid:
    """One kind of message; ``is_hardware`` is true where the GPU or its links are in doubt."""

    meaning: str
    is_hardware: bool = True


XIDS = {
    13: Xid("a program made an illegal access", is_hardware=False),
    31: Xid("a program touched memory that is not its own", is_hardware=False),
    43: Xid("a program stopped making progress", is_hardware=False),
    45: Xid("work was ended early, as when a program is killed", is_hardware=False),
    48: Xid("a double-bit memory error"),
    61: Xid("a breakpoint in the GPU's own controller"),
    62: Xid("the GPU's own controller halted"),
    63: Xid("a memory page or row is being replaced", is_hardware=False),
    64: Xid("a memory page or row could not be replaced"),
    68: Xid("the video decoder failed", is_hardware=False),
    69: Xid("a program made an invalid call to a graphics class", is_hardware=False),
    74: Xid("an NVLink error"),
    79: Xid("the GPU has fallen off the bus"),
    92: Xid("many single-bit memory errors"),
    94: Xid("a memory error that ended one program"),
    95: Xid("a memory error that could not be contained"),
    109: Xid("a time-out while programs were switched", is_hardware=False),
    119: Xid("the GPU's system processor does not answer"),
    120: Xid("the GPU's system processor failed"),
    121: Xid("an error of a chip-to-chip link"),
    140: Xid("a memory error that could not be corrected"),
    143: Xid("the GPU could not start"),
    144: Xid("an NVLink failed"),
    145: Xid("an NVLink failed"),
    149: Xid("an NVLink failed"),
    154: Xid("the driver asks for a reset or a reboot"),
}
