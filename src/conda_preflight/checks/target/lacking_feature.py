"""target/lacking-feature."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Project
from conda_preflight.facts.gpu_features import Feature, features
from conda_preflight.fitting.capability import capability
from conda_preflight.fitting.machine import Card, nvidia_cards
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity


@check("target/lacking-feature", Severity.ERROR, reads=("gpus",))
def lacking_feature(
    project: Project, host: Host, *, needs: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """The GPU of the target lacks a precision or a kernel that the model needs.

    What it needs is stated in the settings, since no file of an environment says it: `bf16` and
    `tf32` need Ampere (8.0) or later, `fp8` needs Ada or Hopper (8.9), `fp4` Blackwell (10.0);
    `fa2` needs 8.0, `fa3` is for H100 and its kin (9.0) alone and `fa4` for Hopper and
    Blackwell; `int8` is bitsandbytes' LLM.int8 (7.5) and `nf4` its 4 bits (6.0); `mig` needs
    8.0.

    ## Fails

    ```toml preflight.toml
    targets = ["t4"]

    [rules."target/lacking-feature"]
    needs = ["bf16"]
    ```

    ```toml preflight.toml
    targets = ["b200"]

    [rules."target/lacking-feature"]
    needs = ["fa3"]
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["l40s"]

    [rules."target/lacking-feature"]
    needs = ["bf16", "fp8", "fa2"]
    ```

    ## Fix

    Take a target that has it, or another precision or kernel: fp16 on a T4, `fa2` for `fa3`.
    """
    if not needs:
        raise Skip("the settings name nothing that the model needs of a GPU")
    cards = nvidia_cards(host)
    unknown = [word for word in needs if word not in features()]
    if unknown:
        yield Problem(
            unknown[0],
            f"`needs` does not know {some(unknown)}",
            project.location,
            f"It knows {some(features(), 20)}.",
            Severity.WARNING,
        )
    if host.gpus == ():
        raise Skip("the target has no GPU")
    for word in needs:
        feature = features().get(word)
        lacking = next((card for card in cards if feature and not _has(card, feature)), None)
        if feature and lacking:
            yield Problem(
                word,
                f"{feature.title} needs {feature.wording}, and the target has {lacking.title}",
                host.location,
                "Take a target that has it, or another precision or kernel.",
            )


def _has(card: Card, feature: Feature) -> bool:
    least, most = capability(feature.least), capability(feature.most)
    return not (least and card.capability < least) and not (most and card.capability > most)
