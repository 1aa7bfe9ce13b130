"""What is asked of an API server, by the client of Kubernetes' own project.

Its answers are taken as plain JSON and bounded: the models of the client refuse what a newer
server adds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import urllib3
from kubernetes.client import ApiException, BatchV1Api, CoreV1Api

from conda_preflight.errors import UsageError

MAX_LOG = 16 * 1024 * 1024
MAX_LINE = 1024 * 1024
_MAX_PAGE = 64 * 1024 * 1024
_PAGE = 500
_MAX_PAGES = 1_000
_CHUNK = 64 * 1024
_TIMES = (10.0, 60.0)
"""Seconds to connect, and between two pieces of an answer."""
_LOG_SECONDS = 120.0
_EXISTS, _GONE, _EXPIRED = 409, 404, 410
_SHOWN = 400
_ROLES = "fleet --kubernetes --manifests writes the roles that are needed."
_HINTS = {
    401: "Is your login of today? See: kubectl auth whoami.",
    403: _ROLES,
    404: "fleet --kubernetes --manifests writes the namespace and the accounts.",
}


class RefusedError(UsageError):
    """The API server said no, or nothing; ``status`` is that of HTTP, 0 without an answer."""

    def __init__(self, message: str, hint: str, status: int) -> None:
        super().__init__(message, hint)
        self.status = status


class Cluster:
    """The few things that are asked of an API server; each raises RefusedError."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401
        self.host = str(client.configuration.host)
        self._core, self._batch = CoreV1Api(client), BatchV1Api(client)

    def nodes(self, selector: str = "") -> list[dict[str, Any]]:
        """The nodes whose labels fit."""
        return self._all("list nodes", self._core.list_node, selector)

    def jobs(self, namespace: str, selector: str) -> list[dict[str, Any]]:
        """The jobs of a namespace whose labels fit."""
        return self._all("list jobs", self._batch.list_namespaced_job, selector, namespace)

    def pods(self, namespace: str, selector: str) -> list[dict[str, Any]]:
        """The pods of a namespace whose labels fit."""
        return self._all("list pods", self._core.list_namespaced_pod, selector, namespace)

    def create(self, namespace: str, job: Mapping[str, Any]) -> None:
        """Make a job; one of its name is that of a request whose answer was lost."""
        try:
            self._call("create jobs", self._batch.create_namespaced_job, namespace, dict(job))
        except RefusedError as error:
            if error.status != _EXISTS:
                raise

    def delete(self, namespace: str, name: str) -> None:
        """Remove a job with its pods, if it is still there."""
        ask = self._batch.delete_namespaced_job
        try:
            self._call("delete jobs", ask, name, namespace, propagation_policy="Background")
        except RefusedError as error:
            if error.status != _GONE:
                raise

    def log(self, namespace: str, pod: str, container: str) -> Generator[str]:
        """The log of a container line by line, as far as MAX_LOG; close it to stop before."""
        ask = self._core.read_namespaced_pod_log
        with _answer("read logs", ask, pod, namespace, container=container) as response:
            yield from _lines(response)

    def _all(
        self,
        what: str,
        ask: Callable[..., Any],
        selector: str,
        *words: str,
    ) -> list[dict[str, Any]]:
        """All pages of a list; one whose next page has expired is asked for whole."""
        try:
            return list(self._pages(what, ask, words, {"limit": _PAGE, "label_selector": selector}))
        except RefusedError as error:
            if error.status != _EXPIRED:
                raise
        return list(self._pages(what, ask, words, {"label_selector": selector}))

    def _pages(
        self, what: str, ask: Callable[..., Any], words: tuple[str, ...], more: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        for _ in range(_MAX_PAGES):
            page = self._call(what, ask, *words, **more)
            yield from (item for item in _rows(page.get("items")) if isinstance(item, dict))
            token = (page.get("metadata") or {}).get("continue")
            if not token:
                return
            more = {**more, "_continue": str(token)}

    def _call(self, what: str, ask: Callable[..., Any], *words: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        with _answer(what, ask, *words, **more) as response:
            text = b"".join(_chunks(response, _MAX_PAGE))
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise RefusedError(f"What answers when asked to {what} is no API server", "", 0)
        return told


def _rows(told: object) -> list[Any]:
    return told if isinstance(told, list) else []


@contextmanager
def _answer(what: str, ask: Callable[..., Any], *words: Any, **more: Any) -> Iterator[Any]:  # noqa: ANN401
    """A response of HTTP before its body is read; raises RefusedError, while it is read too."""
    try:
        response = ask(*words, **more, _preload_content=False, _request_timeout=_TIMES)
        try:
            yield response
        finally:
            response.close()
    except ApiException as error:
        raise _refused(what, error) from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        hint = "Is it the right cluster, and can it be reached? See: kubectl cluster-info."
        raise RefusedError(f"The API server does not answer: {_cause(error)}", hint, 0) from None


def _cause(error: Exception) -> str:
    """The last cause that urllib3 names, without the objects that it was seen by."""
    text = short(getattr(error, "reason", None) or error)
    return text.partition("): ")[2] or text


def _refused(what: str, error: Any) -> RefusedError:  # noqa: ANN401
    status = int(error.status or 0)
    if not status:
        return RefusedError(f"The API server cannot be trusted: {short(error.reason)}", "", 0)
    why = _said(error.body) or str(error.reason or "")
    return RefusedError(
        f"Refused to {what} ({status}): {why[:_SHOWN]}", _HINTS.get(status, ""), status
    )


def _said(body: object) -> str:
    """The message in a ``Status`` of Kubernetes, else the beginning of what came."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return text.strip()
    return str(told.get("message", "")) if isinstance(told, dict) else text


def short(error: object) -> str:
    """What an error says, in one line that is not too long."""
    return " ".join(str(error).split())[:_SHOWN].rstrip(".")


def _chunks(response: Any, most: int) -> Iterator[bytes]:  # noqa: ANN401
    """The bytes of a response, of which there are not endlessly many, nor for ever."""
    size, until = 0, time.monotonic() + _LOG_SECONDS
    for chunk in response.stream(_CHUNK):
        size += len(chunk)
        if size > most or time.monotonic() > until:
            raise OSError(f"it sends more than {most // 1024**2} MiB, or too slowly")
        yield chunk


def _lines(response: Any) -> Iterator[str]:  # noqa: ANN401
    """The lines of a text; one that is longer than those of an answer comes in pieces."""
    rest = b""
    for chunk in _chunks(response, MAX_LOG):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > MAX_LINE:
            lines, rest = [*lines, rest], b""
        for line in lines:
            yield line.decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")
