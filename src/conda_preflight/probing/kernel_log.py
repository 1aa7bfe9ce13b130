"""Messages of the kernel about GPUs, where this process may read them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_XID = lazy_pattern(r"NVRM: Xid \([^)]{1,64}\): (\d{1,4})")
_UVM = lazy_pattern(r"nvidia-uvm: [^\n]{0,200}?(?:-34\b|uvm_pmm_gpu)")
_MISMATCH = lazy_pattern(r"NVRM: API mismatch")
MAX_RECORDS = 100_000
MAX_CODES = 200
_RECORD = 8192
"""Bytes of one message; source: https://docs.kernel.org/admin-guide/abi-testing.html (kmsg)."""


def facts(machine: Machine) -> Iterator[Fact]:
    """``kernel_log`` (read, not readable), ``xid.N``: how often, ``kernel_log.uvm_failed``."""
    text = _text(machine.outside("/dev/kmsg"))
    if text is None:
        yield "kernel_log", "not readable"
        return
    yield "kernel_log", "read"
    for code, count in Counter(_XID.findall(text)).most_common(MAX_CODES):
        yield f"xid.{code}", str(count)
    if _UVM.search(text):
        yield "kernel_log.uvm_failed", "yes"
    if _MISMATCH.search(text):
        yield "kernel_log.api_mismatch", "yes"


def _text(path: str) -> str | None:
    """All records, or what a plain file holds; None where it may not be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError, AttributeError):
        return None
    try:
        return b"".join(_records(descriptor)).decode("utf-8", "replace")
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _records(descriptor: int) -> Iterator[bytes]:
    for _ in range(MAX_RECORDS):
        try:
            record = os.read(descriptor, _RECORD)
        except BlockingIOError:
            return
        except BrokenPipeError:  # it was overwritten while we read
            continue
        if not record:
            return
        if b"NVRM" in record or b"nvidia" in record:
            yield record
