"""Who we are to a registry: from where ``docker login`` puts it, helpers for credentials too.

Sources: https://docs.docker.com/reference/cli/docker/login/ for ``config.json``, and
https://github.com/docker/docker-credential-helpers for the helpers.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from conda_preflight.errors import PreflightError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.registry.reference import HUB

MAX_CONFIG = 4 * 1024**2
_SECONDS = 30
_HUB_KEY = "https://index.docker.io/v1/"
_HELPER = lazy_pattern(r"[\w.-]{1,64}")
_IDENTITY = "<token>"


@value_type
class Login:
    """A user and a secret, or a token that stands for both; none of it is ever shown."""

    user: str = field(repr=False)
    secret: str = field(repr=False)
    identity: str = field(default="", repr=False)

    @property
    def basic(self) -> str:
        """The header that carries it."""
        text = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode("ascii")
        return f"Basic {text}"


def login_for(host: str, environment: Mapping[str, str], home: Path) -> Login | None:
    """The login of a host, None where there is none; raises PreflightError."""
    folder = environment.get("DOCKER_CONFIG") or str(home / ".docker")
    config = _config(Path(folder) / "config.json")
    helpers = _mapping(config.get("credHelpers"))
    helper = _of_host(helpers, host) or config.get("credsStore")
    if isinstance(helper, str) and helper:
        return _helped(helper, host)
    return _written(_mapping(_of_host(_mapping(config.get("auths")), host)))


def _config(file: Path) -> Mapping[str, Any]:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_CONFIG)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise PreflightError(f"{file} cannot be read: {error.strerror or error}") from None
    try:
        return _mapping(json.loads(data))
    except (ValueError, RecursionError):
        raise PreflightError(f"{file} is not JSON", "Log in again: docker login.") from None


def _of_host(table: Mapping[str, Any], host: str) -> object:
    """What a table says of a host, which may stand there as an address."""
    if host == HUB:
        return table.get(_HUB_KEY) or table.get(HUB)
    bare = {key.partition("://")[2] or key: value for key, value in table.items()}
    return next((v for key, v in bare.items() if key.partition("/")[0] == host), None)


def _written(row: Mapping[str, Any]) -> Login | None:
    """A login that stands in the file itself."""
    identity = row.get("identitytoken")
    if isinstance(identity, str) and identity:
        return Login("", "", identity)
    try:
        text = base64.b64decode(str(row.get("auth") or ""), validate=True).decode()
    except ValueError:
        return None
    user, found, secret = text.partition(":")
    if not found:
        user, secret = str(row.get("username") or ""), str(row.get("password") or "")
    return Login(user, secret.rstrip("\0")) if user else None


def _helped(helper: str, host: str) -> Login | None:
    """A login from a helper, a program whose name Docker fixes."""
    if not _HELPER.fullmatch(helper):
        raise PreflightError("Docker's config.json names no helper that can be: credsStore")
    program = f"docker-credential-{helper}"
    asked = _HUB_KEY if host == HUB else host
    try:
        done = subprocess.run(  # noqa: S603  (the person's own configuration)
            [program, "get"],
            input=asked.encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env=os.environ,
        )
        answer = _mapping(json.loads(done.stdout)) if done.returncode == 0 else {}
    except subprocess.TimeoutExpired:
        raise PreflightError(f"{program} is silent for {_SECONDS} s") from None
    except OSError as error:
        raise PreflightError(
            f"{program} cannot be started: {error.strerror or error}",
            "Docker's config.json names it: install it, or log in again.",
        ) from None
    except (ValueError, RecursionError):
        raise PreflightError(f"{program} does not answer as helpers do") from None
    user, secret = (str(answer.get(key) or "") for key in ("Username", "Secret"))
    if user == _IDENTITY:
        return Login("", "", secret)
    return Login(user, secret) if user else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
