"""How uv is run: which binary, in what environment, for how long, and how much it may say."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from conda_preflight.engines.process_group import ended
from conda_preflight.errors import PreflightError
from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.solving.pip_half import Indexes

MAX_OUTPUT = 32 * 1024 * 1024
MAX_MESSAGES = 64 * 1024
_KEPT = (
    *("HOME", "PATH", "USER", "LOGNAME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT"),
    *("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"),
    *("NETRC", "PYTHON_KEYRING_BACKEND", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSL_CLIENT_CERT"),
    *("UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS"),
    *("UV_CREDENTIALS_DIR", "UV_OFFLINE"),
)
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_CREDENTIALS = lazy_pattern(r"UV_INDEX_[A-Z0-9_]+_(?:USERNAME|PASSWORD)")
_CONTROL = lazy_pattern(
    r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]"
)


class MissingUvError(PreflightError):
    """There is no uv on this machine."""


class SlowUvError(PreflightError):
    """uv did not end in time and was stopped."""


@document_type
class Ended:
    """How a run of uv ended; ``messages`` are masked, bounded, and free of control characters."""

    code: int
    output: str
    messages: str


def binary() -> str:
    """The uv of the wheel of that name, else the one on PATH; raises MissingUvError."""
    found = _of_wheel() or shutil.which("uv")
    if found is None:
        hint = "Install it beside conda-preflight: `pip install uv`."
        raise MissingUvError("The pip half needs uv, and there is none here", hint)
    return found


def run(arguments: Sequence[str], folder: Path, extra: Mapping[str, str], seconds: float) -> Ended:
    """How ``uv ARGUMENTS`` ends in a folder; it and its children never outlive this call.

    Raises MissingUvError and SlowUvError.
    """
    command = [binary(), *arguments, "--no-progress", "--color", "never"]
    out, err = folder / "uv.out", folder / "uv.err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=environment(os.environ, folder) | dict(extra),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        with ended(process):
            code = _wait(process, seconds)
    return Ended(code, _head(out, MAX_OUTPUT), clean(_head(err, MAX_MESSAGES)))


def environment(outer: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What uv inherits: where to find credentials, proxies and certificates, and nothing else."""
    kept = {name: value for name, value in outer.items() if _is_kept(name)}
    kept |= {"TMPDIR": str(folder), "LC_ALL": "C.UTF-8", "UV_PYTHON_DOWNLOADS": "never"}
    return kept


def clean(text: str) -> str:
    """The text without credentials and control characters."""
    return redact(_CONTROL.sub("", text))


def trust(indexes: Indexes) -> dict[str, str]:
    """The authorities that the settings trust, as uv is told of them."""
    return {"SSL_CERT_FILE": indexes.certificates} if indexes.certificates else {}


def this_python() -> str:
    """The interpreter that uv may ask about itself while it resolves for another."""
    return sys.executable


def _of_wheel() -> str | None:
    with contextlib.suppress(ImportError, OSError):
        from uv import find_uv_bin

        return find_uv_bin()
    return None


def _is_kept(name: str) -> bool:
    upper = name.upper()
    return upper in _KEPT or upper in _PROXIES or bool(_CREDENTIALS.fullmatch(name))


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise SlowUvError(f"uv had no answer after {seconds:.3g} seconds") from None


def _head(file: Path, limit: int) -> str:
    """The file's text up to a size; what is cut off inside a line makes no sense of its own."""
    with file.open("rb") as opened:
        data = opened.read(limit + 1)
    text = data[:limit].decode("utf-8", "replace")
    return text if len(data) <= limit else text.rpartition("\n")[0]
