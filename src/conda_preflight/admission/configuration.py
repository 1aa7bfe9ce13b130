"""The settings of the gate in a cluster: whose verdicts, from where, for which pools of nodes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from conda_preflight.admission.placement import Pool
from conda_preflight.attesting import policy_file
from conda_preflight.attesting.acceptance import Key, Policy
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.opening import read_bytes
from conda_preflight.plain import document_type
from conda_preflight.setting_values import one_text, refuse_unknown, tables, texts

KEYS = ("policy", "envelopes", "registry", "exempt-namespaces", "exempt-images", "pools")
_POOL_KEYS = ("labels", "targets")


@document_type
class Configuration:
    """What the gate asks. ``envelopes`` is a folder or None, ``registry`` whether to ask there.

    ``exempt_images`` are patterns of whole names, such as ``registry.example.org/mesh/*``.
    """

    policy: Policy
    keys: tuple[Key, ...] = ()
    envelopes: Path | None = None
    registry: bool = False
    exempt_namespaces: frozenset[str] = frozenset()
    exempt_images: tuple[str, ...] = ()
    pools: tuple[Pool, ...] = field(default=())


def read(file: Path) -> Configuration:
    """The settings in a TOML file; paths are taken from its folder. Raises UsageError."""
    try:
        return _read(tomllib.loads(_text(file)), file.parent)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{file}: this is not TOML: {error}") from None
    except UsageError as error:
        if error.message.startswith(str(file)):
            raise
        raise UsageError(f"{file}: {error.message}", error.hint) from None


def _read(table: Mapping[str, Any], folder: Path) -> Configuration:
    refuse_unknown(table, KEYS, "key of an admission")
    if "policy" not in table:
        raise UsageError("policy is missing", 'Name the file of verify: policy = "policy.toml".')
    registry = table.get("registry", False)
    if not isinstance(registry, bool):
        raise UsageError(f"registry is true or false, not {registry!r}")
    envelopes = one_text(table.get("envelopes", ""), "envelopes")
    if not envelopes and not registry:
        raise UsageError("No place of verdicts is named", 'Set envelopes = "FOLDER", or registry.')
    policy, keys = _policy(folder / one_text(table["policy"], "policy"))
    return Configuration(
        policy=policy,
        keys=keys,
        envelopes=folder / envelopes if envelopes else None,
        registry=registry,
        exempt_namespaces=frozenset(texts(table.get("exempt-namespaces", []), "exempt-namespaces")),
        exempt_images=texts(table.get("exempt-images", []), "exempt-images"),
        pools=_pools(table.get("pools", {})),
    )


def _policy(file: Path) -> tuple[Policy, tuple[Key, ...]]:
    from conda_preflight.engines.signing_keys import public_key

    said = policy_file.policy(_text(file), file)
    if "identity" in said or "issuer" in said:
        raise UsageError(f"{file}: Sigstore is not asked here", "Trust a key: keys = [...].")
    names: Any = said.get("keys", ())
    found = {key.keyid: key for key in (public_key(_bytes(Path(n)), n) for n in names)}
    wanted: Any = {k: said[k] for k in ("threshold", "max_age", "require", "targets") if k in said}
    policy = Policy(**wanted)
    if len(found) < policy.threshold:
        count = len(found)
        raise UsageError(f"{file}: {policy.threshold} must sign, and {count} keys are trusted")
    return policy, tuple(found.values())


def _pools(value: object) -> tuple[Pool, ...]:
    return tuple(_pool(name, table) for name, table in tables(value, "pools").items())


def _pool(name: str, table: Mapping[str, Any]) -> Pool:
    refuse_unknown(table, _POOL_KEYS, f"key of the pool {name}")
    labels = table.get("labels")
    if not isinstance(labels, dict) or not labels:
        raise UsageError(f"The pool {name} has no labels", 'labels = {"node-pool" = "a100"}.')
    named = tuple((key, one_text(value, f"labels of {name}")) for key, value in labels.items())
    targets = texts(table.get("targets", []), "targets")
    if not targets:
        raise UsageError(f"The pool {name} has no targets", 'targets = ["a100"].')
    return Pool(name, named, targets)


def _text(file: Path) -> str:
    return _bytes(file).decode("utf-8", "replace")


def _bytes(file: Path) -> bytes:
    """The bytes of a small file that somebody named; raises UsageError."""
    try:
        return read_bytes(file)
    except ReadError as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from None
