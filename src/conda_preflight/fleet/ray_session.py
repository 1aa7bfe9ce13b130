"""A connection to a Ray cluster, or a small one of this machine, for as long as it is needed."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from conda_preflight.errors import UsageError

_STORE = 100 * 1024 * 1024
_PATIENCE = 10.0
_LONGEST_PLACE = 25
"""Letters of a folder: Ray adds 77, and macOS takes 104 for a socket."""
_HINT = "Is it the cluster's address, and is its Ray of this version? See: ray status."
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is told to anybody about the use of Ray
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # CUDA_VISIBLE_DEVICES stays what it is
    "RAY_DEDUP_LOGS": "0",
}


@contextmanager
def connected(address: str, runtime_env: str = "", workers: int = 0) -> Iterator[Any]:
    """The module ``ray``, connected to that address; without one to workers of this machine.

    ``runtime_env`` is a file of Ray's own kind. Raises UsageError where Ray is not installed or
    the cluster does not answer.
    """
    if address:
        os.environ.setdefault("RAY_gcs_server_port_wait_time_s", "1")  # it tries again for minutes
        _require_listening(address)
    ray = _module()
    environment = _runtime_env(runtime_env)
    with tempfile.TemporaryDirectory(
        prefix="ray-", dir=_place(), ignore_cleanup_errors=True
    ) as folder:
        own = {
            "address": "local",
            "num_cpus": workers,
            "object_store_memory": _STORE,
            "include_dashboard": False,
            "_temp_dir": f"{folder}/r",  # gone at the end, and closed to others: Ray opens its own
        }
        try:
            with own_signals():
                _begin(ray, {"address": address} if address else own, environment)
            with redirect_stdout(sys.stderr):  # what Ray says of nodes that die is no answer
                yield ray
        finally:
            ray.shutdown()


def _place() -> str:
    """Where names of sockets are short enough, which they seldom are in the TMPDIR of macOS."""
    usual = tempfile.gettempdir()
    is_short = len(usual) <= _LONGEST_PLACE or sys.platform == "win32"
    return os.environ.get("RAY_TMPDIR") or (usual if is_short else "/tmp")  # noqa: S108


def _begin(ray: Any, where: dict[str, Any], environment: dict[str, Any] | None) -> None:  # noqa: ANN401
    try:
        ray.init(runtime_env=environment, log_to_driver=False, logging_level=logging.ERROR, **where)
    except Exception as error:  # noqa: BLE001  (Ray raises what it likes)
        at = "this machine" if where["address"] == "local" else where["address"]
        raise UsageError(f"Ray at {at} does not answer: {_first_line(error)}", _HINT) from None


def _require_listening(address: str) -> None:
    """Raise UsageError at once where nobody listens; Ray tries for most of a minute."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or _first_line(error)
        raise UsageError(f"Ray at {address} does not answer: {why}", _HINT) from None


@contextmanager
def own_signals() -> Iterator[None]:
    """What SIGTERM does stays as it is: Ray would exit with 1, which says NO-GO here."""
    kept = signal.getsignal(signal.SIGTERM)
    try:
        yield
    except SystemExit:  # by that signal alone
        signal.signal(signal.SIGTERM, kept)
        signal.raise_signal(signal.SIGTERM)
        raise
    finally:
        signal.signal(signal.SIGTERM, kept)


def _module() -> Any:  # noqa: ANN401
    os.environ.update(_QUIET)
    try:
        import ray
    except ImportError:
        raise UsageError(
            "Ray is not installed here", "Install it: pip install 'conda-preflight[ray]'."
        ) from None
    return ray


def _runtime_env(file: str) -> dict[str, Any] | None:
    """What Ray is to prepare on each node, from a JSON or YAML file; raises UsageError."""
    if not file:
        return None
    import yaml

    try:
        text = Path(file).read_text(encoding="utf-8")
        told = json.loads(text) if file.endswith(".json") else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise UsageError(f"{file} cannot be read: {_first_line(error)}") from None
    if not isinstance(told, dict):
        raise UsageError(f"{file} is no runtime environment of Ray", "It is a mapping, as pip: [].")
    return told


def _first_line(error: Exception) -> str:
    text = str(error).strip().split("\n", 1)[0].rstrip(".") or type(error).__name__
    return text[:300]
