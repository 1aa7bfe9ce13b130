"""A headless Chromium, told what to do over its DevTools protocol."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

_PATIENCE = 30


class Tab:
    """One page."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)

    def tell(self, method: str, **values: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": values}))
        while True:
            answer = json.loads(self._connection.recv(_PATIENCE))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def run(self, script: str) -> Any:
        answer = self.tell(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def show(self, address: str, scheme: str = "light", width: int = 1280) -> None:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.tell("Emulation.setEmulatedMedia", features=[feature])
        size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
        self.tell("Emulation.setDeviceMetricsOverride", **size)
        self.tell("Page.navigate", url=address)
        end = time.monotonic() + _PATIENCE
        ready = "location.href != 'about:blank' && document.readyState == 'complete'"
        while not self.run(ready):
            assert time.monotonic() < end
            time.sleep(0.05)

    def picture(self, file: Path, *, whole: bool = True) -> None:
        shot = self.tell("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(b64decode(shot["data"]))


@contextmanager
def tab(program: str) -> Iterator[Tab]:
    folder = tempfile.mkdtemp(prefix="chromium-")
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    process = subprocess.Popen(
        [program, *words, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        told = Path(folder, "DevToolsActivePort")
        while not told.exists() or not told.read_text():
            assert process.poll() is None
            time.sleep(0.05)
        port = told.read_text().splitlines()[0]
        with urlopen(f"http://127.0.0.1:{port}/json", timeout=_PATIENCE) as answer:
            pages = [each for each in json.load(answer) if each["type"] == "page"]
        with connect(pages[0]["webSocketDebuggerUrl"], max_size=None) as connection:
            yield Tab(connection)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
