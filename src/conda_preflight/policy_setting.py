"""The ``[policy]`` table of the settings: policies that a house has written itself."""

from __future__ import annotations

from dataclasses import fields

from conda_preflight.errors import UsageError
from conda_preflight.plain import value_type
from conda_preflight.setting_values import refuse_unknown, texts


@value_type
class PolicySetting:
    """``rego`` are globs of files below ``folder``, or files that a person named if it is empty."""

    rego: tuple[str, ...] = ()
    folder: str = ""


NO_POLICY = PolicySetting()
POLICY_KEYS = tuple(field.name for field in fields(PolicySetting) if field.name != "folder")


def read_policy(value: object) -> PolicySetting:
    """The table; raises UsageError for unknown keys, wrong types and files outside."""
    if not isinstance(value, dict):
        raise UsageError("policy is a table", "Write [policy] with rego.")
    refuse_unknown(value, POLICY_KEYS, "key of policy")
    globs = texts(value.get("rego", []), "rego of policy")
    for glob in globs:
        if not glob or glob.startswith(("/", "\\")) or ".." in glob.replace("\\", "/").split("/"):
            hint = "Write a glob from the folder of the settings, as policies/*.rego."
            raise UsageError(f"{glob!r} of policy leads out of the project", hint)
    return PolicySetting(globs)
