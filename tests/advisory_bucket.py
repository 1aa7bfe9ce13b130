"""A small bucket as OSV lays it out, and a loopback server for it that can misbehave."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def record(identifier, name, *, modified="2026-01-01T00:00:00Z", fixed="2.0", **more):
    events = [{"introduced": "0"}, {"fixed": fixed}]
    return {
        "id": identifier,
        "modified": modified,
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": name},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }
        ],
        **more,
    }


class Bucket:
    """Records of one ecosystem in a folder: whole, listed, and single."""

    def __init__(self, folder, ecosystem="PyPI"):
        self.folder = folder / ecosystem
        self.folder.mkdir(parents=True)
        self.records = {}

    def put(self, *records, whole=True):
        self.records.update({one["id"]: one for one in records})
        for one in records:
            (self.folder / f"{one['id']}.json").write_text(json.dumps(one))
        self.list()
        if whole:
            self.pack()

    def list(self):
        rows = sorted(((one["modified"], i) for i, one in self.records.items()), reverse=True)
        text = "".join(f"{modified},{identifier}\n" for modified, identifier in rows)
        (self.folder / "modified_id.csv").write_text(text)

    def pack(self, **more):
        with zipfile.ZipFile(self.folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for identifier, one in self.records.items():
                archive.writestr(f"{identifier}.json", json.dumps(one))
            for name, content in more.items():
                archive.writestr(f"{name}.json", content)

    def forget(self, *identifiers):
        for identifier in identifiers:
            del self.records[identifier]
            (self.folder / f"{identifier}.json").unlink()
        self.list()


class Server(ThreadingHTTPServer):
    """Serves a folder with entity tags and ranges; ``cuts`` and ``statuses`` are used up."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.asked = []
        self.headers = []
        self.cuts = []
        self.statuses = []
        self.answers = {}
        self.counts = Counter()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._note()
        if self._is_busy():
            return
        file = self.server.folder / self.path.lstrip("/").replace("%20", " ")
        if not file.is_file():
            self._send(404, b"")
            return
        content = file.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(304, None, ETag=etag)
            return
        begun = self.headers.get("Range")
        if begun and self.headers.get("If-Range") == etag:
            start = int(begun.removeprefix("bytes=").rstrip("-"))
            span = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self._send(206, content[start:], **{"ETag": etag, "Content-Range": span})
        else:
            self._send(200, content, ETag=etag)

    def do_POST(self):
        self._note()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_busy():
            self._send(200, json.dumps(self.server.answers[self.path](asked)).encode())

    def _note(self):
        self.server.asked.append(self.path)
        self.server.headers.append(self.headers)

    def _is_busy(self):
        if not self.server.statuses:
            return False
        self._send(self.server.statuses.pop(0), b"", **{"Retry-After": "0"})
        return True

    def _send(self, status, content, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if content is None:
            self.end_headers()
            return
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.server.cuts and self.path.endswith((".zip", ".gz", ".jsonl")):
            content = content[: self.server.cuts.pop(0)]
            self.close_connection = True
        self.wfile.write(content)

    def log_message(self, *_):
        pass
