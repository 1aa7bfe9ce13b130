"""input/unknown-key."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Layout, Name
from conda_preflight.report import Edit, Problem, Severity

_MANIFEST = ("name", "channels", "dependencies", "prefix", "variables", "platforms", "category")


@check("input/unknown-key", Severity.WARNING)
def unknown_key(layout: Layout) -> Iterator[Problem]:
    """A file has a key that its format does not know.

    The tools ignore an unknown key, with a warning at best. When it is a slip of the pen
    (`dependancies`) everything below it is lost, which is an error.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependancies:
      - python=3.11
    ```

    ```yaml environment.yml
    name: chatbot_infer_prod
    author: somebody
    dependencies:
      - python=3.11
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ## Fix

    Correct the spelling, or delete the key; a comment is the place for remarks.
    """
    for key in layout.unknown:
        meant = _meant(key.text) if layout.kind == "environment.yml" else ""
        yield _misspelt(key, meant) if meant else _unknown(key, layout.kind)


def _misspelt(key: Name, meant: str) -> Problem:
    return Problem(
        key.text,
        f"`{key.text}` is no key of an environment file, so all below it is ignored",
        key.location,
        f"Write `{meant}`.",
        Severity.ERROR,
        (Edit(key.location, key.text, meant),),
    )


def _unknown(key: Name, kind: str) -> Problem:
    message = f"`{key.text}` is no key of {kind}; it is ignored"
    return Problem(key.text, message, key.location, "Delete it, or make it a comment.")


def _meant(text: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(text.lower(), _MANIFEST, 1, 0.8)
    return near[0] if near else ""
