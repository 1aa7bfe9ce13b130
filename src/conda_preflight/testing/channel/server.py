"""A static HTTP server on the loopback interface that can be made to fail."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from conda_preflight.testing.channel.faults import Fault
from conda_preflight.testing.channel.pages import Answer, Site, folder, respond


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was made, and the status that it got."""

    method: str
    path: str
    headers: Mapping[str, str]
    status: int


class Server:
    """Serves a directory or a Site at ``url`` while it is open, from threads of its own.

    ``faults`` may be changed at any time; the first that meets a request holds. ``requests``
    are those made so far.
    """

    def __init__(self, site: Site | Path, *faults: Fault) -> None:
        self.site = folder(site) if isinstance(site, Path) else site
        self.faults = list(faults)
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._http = _Listener(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def fault(self, path: str, authorization: str) -> Fault:
        """The fault that a request meets, or one that does nothing."""
        with self._lock:
            met = (fault for fault in self.faults if fault.meets(path, authorization))
            return next(met, Fault(path))


class _Listener(ThreadingHTTPServer):
    def __init__(self, owner: Server) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._open):  # kept alive by their clients
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients may go away at any time."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes
    server: _Listener

    def log_message(self, *_: object) -> None: ...

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        owner, path = self.server.owner, urlsplit(self.path).path
        fault = owner.fault(path, self.headers.get("Authorization", ""))
        if not fault.after:
            self._stall(fault)
        answer = Answer(fault.status, fault.headers)
        if not fault.status:
            answer = respond(owner.site(path, self.headers), self.headers)
        owner.requests.append(Request(self.command, path, dict(self.headers), answer.status))
        body = b"" if answer.status == HTTPStatus.NOT_MODIFIED else fault.spoil(answer.body)
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self._send(body, fault)

    def _send(self, body: bytes, fault: Fault) -> None:
        self.wfile.write(body[: fault.after] if fault.cut or fault.after else body)
        if fault.after:
            self._stall(fault)
        if fault.cut:
            raise ConnectionAbortedError
        if fault.after:
            self.wfile.write(body[fault.after :])

    def _stall(self, fault: Fault) -> None:
        """Wait; raises ConnectionAbortedError when the server is closed meanwhile."""
        if self.server.owner.closing.wait(min(fault.stall, threading.TIMEOUT_MAX)):
            raise ConnectionAbortedError
