"""What can go wrong with a server, on demand."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Fault:
    """What happens to requests whose path matches a pattern of the shell.

    The fields can be combined; without any the request is only counted.
    """

    pattern: str
    status: int = 0
    """The answer, with no page: 403, 404, 429, 500 ..."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with the status: ``Retry-After``, ``Location`` ..."""
    stall: float = 0
    """Seconds of silence, infinity for ever; it ends when the server is closed."""
    cut: bool = False
    """The connection is closed before the body is whole."""
    after: int = 0
    """Bytes of the body that are sent before it stalls or is cut."""
    corrupt: bool = False
    """The byte in the middle of the body is another; its length stays."""
    body: bytes | None = None
    """Sent in place of what is there."""
    unless: str = ""
    """An Authorization header that lifts the fault."""
    times: int | None = None
    """How many requests it still meets; None is every one."""

    def meets(self, path: str, authorization: str) -> bool:
        """Whether this request is met; it is counted then."""
        if self.times == 0 or not fnmatch.fnmatchcase(path, self.pattern):
            return False
        if self.unless and self.unless == authorization:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def spoil(self, body: bytes) -> bytes:
        """The body as it is sent."""
        body = body if self.body is None else self.body
        if not self.corrupt or not body:
            return body
        middle = len(body) // 2
        return body[:middle] + bytes([body[middle] ^ 0xFF]) + body[middle + 1 :]
