"""What every pod of ours may do, which is little: the profile ``restricted`` and a bit less.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/.
"""

from __future__ import annotations

from typing import Any

from conda_preflight.errors import UsageError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.registry.reference import read_reference

USER = 65532
"""The user and group of every process, who owns nothing on a node."""

_NAME = lazy_pattern(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


def pod_security() -> dict[str, Any]:
    """The ``securityContext`` of a pod."""
    return {
        "runAsNonRoot": True,
        "runAsUser": USER,
        "runAsGroup": USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def container_security() -> dict[str, Any]:
    """The ``securityContext`` of a container."""
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def resources(cpu: str, memory: str, memory_limit: str) -> dict[str, Any]:
    """Requests, and a limit of memory; processors are shared by their requests."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory_limit}}


def pinned(image: str) -> str:
    """The name of an image with its digest; raises UsageError for one by tag."""
    if not read_reference(image).digest:
        hint = "NAME@sha256:...: what runs on every node must be one thing."
        raise UsageError(f"{image[:200]} names no digest", hint)
    return image


def label(text: str, what: str) -> str:
    """A name as a namespace may have it; raises UsageError."""
    if not _NAME.fullmatch(text):
        hint = "Lower-case letters, digits and hyphens."
        raise UsageError(f"{text[:80]!r} is no name of a {what}", hint)
    return text
