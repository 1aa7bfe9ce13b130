"""house/broken-policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.documents.ruling import BROKEN, Policies
from conda_preflight.house.telling import place, thing
from conda_preflight.report import Problem, Severity


@check("house/broken-policy", Severity.ERROR)
def broken_policy(project: Project, policies: Policies, day: date) -> Iterator[Problem]:
    """A policy of the house cannot be asked, or can never say anything.

    It is no Rego, a built-in function fails on what it got, it takes more time or memory than
    it may, or it answers with something else than a set of texts or objects. A key that the
    input does not have and a variable that nothing sets are told too: an engine takes both for
    "nothing denied". What is found before they run keeps all of them from being asked.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [policy]
    rego = ["policies/*.rego"]
    ```

    ```text policies/channels.rego
    package preflight

    import rego.v1

    deny contains "No channel is named" if {
        some manifest in input.manifest
        count(manifest.channels) == 0
    }
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    channels: [conda-forge]
    dependencies:
      - python=3.11
    ```

    ```toml preflight.toml
    [policy]
    rego = ["policies/*.rego"]
    ```

    ```text policies/channels.rego
    package preflight

    import rego.v1

    deny contains "No channel is named" if {
        some manifest in input.manifests
        not manifest.channels
    }
    ```

    ## Fix

    Mend the policy at the line that is named. [House policies](../../rego.md) has the input.
    """
    for ruling in policies.rulings(project, day, BROKEN):
        yield Problem(
            about=thing(ruling),
            message=ruling.message,
            location=place(ruling, project),
            fix="Mend the policy: until then it judges nothing.",
        )
