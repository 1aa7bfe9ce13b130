"""What the fact sheet of a running machine says, as its checks ask for it."""

from __future__ import annotations

from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.pattern import lazy_pattern

_GPU = lazy_pattern(r"gpu\.(\d{1,4})\.(.+)")
_NUMBER = lazy_pattern(r"\d{1,18}")
OUTSIDE = "none"
"""The kind of container of what runs in none."""


class Node:
    """The facts of one machine by name; an empty text is unknown."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.facts = dict(host.node)

    def __getitem__(self, name: str) -> str:
        return self.facts.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.facts

    def number(self, name: str) -> int | None:
        """A fact that is a whole number; None where it is unknown or none."""
        text = self[name]
        return int(text) if _NUMBER.fullmatch(text) else None

    def below(self, prefix: str) -> dict[str, str]:
        """The facts whose names begin so, by the rest of their names."""
        return {k[len(prefix) :]: text for k, text in self.facts.items() if k.startswith(prefix)}

    def variable(self, name: str) -> str | None:
        """A variable of the process that probed, None where it was not set."""
        return self.facts.get(f"variable.{name}")

    def of_gpus(self, name: str) -> dict[int, str]:
        """One fact of each GPU that has it, by the number of the GPU."""
        hits = ((_GPU.fullmatch(key), text) for key, text in self.facts.items())
        return dict(sorted((int(hit[1]), text) for hit, text in hits if hit and hit[2] == name))

    @property
    def in_container(self) -> bool:
        """Whether it runs in a container, as far as that is known."""
        return self["container.kind"] not in ("", OUTSIDE)

    @property
    def gpu_count(self) -> int:
        """How many GPUs the driver counts, else how many device files or PCI devices are there."""
        counted = len(self.host.gpus or ())
        return counted or self.number("device.gpus") or self.number("pci.gpus") or 0

    @property
    def started(self) -> str:
        """The code of cuInit or why there is none; empty where it was not asked."""
        return "" if self["cuda.init"].startswith("not asked") else self["cuda.init"]


def node_of(host: Host) -> Node:
    """The facts of a running machine; raises Skip where the sheet only describes one."""
    if not host.node:
        raise Skip("the target is described, and was not probed")
    return Node(host)


def gpu_node(host: Host) -> Node:
    """The same of a machine that has a GPU of NVIDIA; raises Skip for others."""
    found = node_of(host)
    if not found.gpu_count:
        raise Skip("there is no NVIDIA GPU" if host.gpus == () else "no GPU was seen")
    return found


def gpus(numbers: list[int]) -> str:
    """``GPU 3``, ``GPUs 0, 1 and 2``, ``GPUs 0, 1, 2 and 5 more``."""
    if len(numbers) == 1:
        return f"GPU {numbers[0]}"
    shown = [str(number) for number in numbers[:4]]
    rest = len(numbers) - len(shown)
    last = f"{rest} more" if rest else shown.pop()
    return f"GPUs {', '.join(shown)} and {last}"
