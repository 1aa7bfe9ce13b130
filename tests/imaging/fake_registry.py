"""A registry in memory on the loopback interface, with faults on demand."""

from __future__ import annotations

import base64
import fnmatch
import json
import threading
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass
class Fault:
    """What happens to requests such as ``PATCH *``, so many times."""

    pattern: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = -1
    """The connection ends after so many bytes of a body, whichever way it goes."""
    other: bytes | None = None
    """Sent in place of the body."""
    times: int = 1


@dataclass
class Seen:
    method: str
    path: str
    authorization: str
    host: str


class FakeRegistry:
    """``login`` is USER:SECRET, which buys a token, or is itself asked for where ``basic``."""

    def __init__(self, *faults: Fault, login: str = "", basic: bool = False) -> None:
        self.faults, self.login, self.basic = list(faults), login, basic
        self.has_referrers = False
        self.realm = ""
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, tuple[str, bytes]] = {}
        self.uploads: dict[str, bytes] = {}
        self.seen: list[Seen] = []
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.handle_error = lambda *_: None
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def count(self, pattern: str) -> int:
        return sum(fnmatch.fnmatchcase(f"{s.method} {s.path}", pattern) for s in self.seen)

    def fault(self, method: str, path: str) -> Fault | None:
        for each in self.faults:
            if each.times and fnmatch.fnmatchcase(f"{method} {path}", each.pattern):
                each.times -= 1
                return each
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: FakeRegistry

    def log_message(self, *_: object) -> None: ...

    def _any(self) -> None:
        owner, path = self.owner, urlsplit(self.path).path
        sent = self.headers.get("Authorization", "")
        owner.seen.append(Seen(self.command, path, sent, self.headers.get("Host", "")))
        self.met = owner.fault(self.command, path)
        self.body = self._body()
        if self.met and self.met.status:
            return self._answer(self.met.status, self.met.other or b"", **self.met.headers)
        if path == "/token":
            return self._token(sent)
        if owner.login and not self._known(sent):
            kind = "Basic" if owner.basic else "Bearer"
            realm = owner.realm or f"http://{owner.host}/token"
            asked = f'{kind} realm="{realm}",service="fake",scope="repository:a/b:pull"'
            return self._answer(401, **{"WWW-Authenticate": asked})
        return self._routed(path)

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = _any  # noqa: N815

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if self.met and 0 <= self.met.cut < length:
            data = self.rfile.read(self.met.cut)
            name = urlsplit(self.path).path.rpartition("/")[2]
            if name in self.owner.uploads:
                self.owner.uploads[name] += data
            self.close_connection = True
            raise ConnectionAbortedError
        return self.rfile.read(length)

    def _known(self, sent: str) -> bool:
        basic = "Basic " + base64.b64encode(self.owner.login.encode()).decode()
        return sent == (basic if self.owner.basic else "Bearer good")

    def _token(self, sent: str) -> None:
        basic = "Basic " + base64.b64encode(self.owner.login.encode()).decode()
        if sent != basic:
            return self._answer(401)
        return self._answer(200, json.dumps({"token": "good"}).encode())

    def _routed(self, path: str) -> None:
        for part, work in (
            ("/blobs/uploads/", self._upload),
            ("/blobs/", self._blob),
            ("/manifests/", self._manifest),
        ):
            if part in path:
                return work(path.rpartition("/")[2])
        return self._answer(200, b"{}")

    def _upload(self, name: str) -> None:
        uploads = self.owner.uploads
        if self.command == "POST":
            name = f"u{len(uploads)}"
            uploads[name] = b""
        elif name not in uploads:
            return self._answer(404)
        where = {"Location": f"/v2/a/b/blobs/uploads/{name}?state=x"}
        if self.command == "PUT":
            digest = parse_qs(urlsplit(self.path).query)["digest"][0]
            data = uploads.pop(name) + self.body
            if f"sha256:{sha256(data).hexdigest()}" != digest:
                return self._answer(400)
            self.owner.blobs[digest] = data
            return self._answer(201)
        uploads[name] += self.body
        where["Range"] = f"0-{max(len(uploads[name]) - 1, 0)}"
        return self._answer(204 if self.command == "GET" else 202, **where)

    def _blob(self, digest: str) -> None:
        data = self.owner.blobs.get(digest)
        if data is None:
            return self._answer(404)
        begun = int((self.headers.get("Range") or "bytes=0-")[6:].rstrip("-"))
        if begun:
            stated = f"bytes {begun}-{len(data) - 1}/{len(data)}"
            return self._answer(206, data[begun:], **{"Content-Range": stated})
        return self._answer(200, data)

    def _manifest(self, name: str) -> None:
        kept = self.owner.manifests
        if self.command == "PUT":
            digest = f"sha256:{sha256(self.body).hexdigest()}"
            kept[name] = kept[digest] = (self.headers["Content-Type"], self.body)
            subject = json.loads(self.body).get("subject", {}).get("digest", "")
            extra = {"OCI-Subject": subject} if subject and self.owner.has_referrers else {}
            return self._answer(201, **{"Docker-Content-Digest": digest, **extra})
        if name not in kept:
            errors = {"errors": [{"code": "MANIFEST_UNKNOWN", "message": "\x1b[31mno such"}]}
            return self._answer(404, json.dumps(errors).encode())
        kind, data = kept[name]
        return self._answer(200, data, **{"Content-Type": kind})

    def _answer(self, status: int, data: bytes = b"", **headers: str) -> None:
        met = self.met
        data = met.other if met and met.other is not None else data
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if met and 0 <= met.cut < len(data):
            self.wfile.write(data[: met.cut])
            self.close_connection = True
            return
        self.wfile.write(data)
