"""input/unknown-key."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Layout, Name
from conda_preflight.report import Edit, Problem, Severity

_NEAR = 0.8
_MAX_SLIPS = 2
_MAX_LENGTH = 40
_MAX_GUESSES = 100
_KINDS = {
    "environment.yml": "an environment file",
    "condarc": "conda's settings",
    "host": "a fact sheet",
}


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

    ```yaml .condarc
    auto_update_cnda: false
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11
    ```

    ```yaml .condarc
    self_update: false
    ```

    ## Fix

    Correct the spelling, or delete the key; a comment is the place for remarks.
    """
    for count, key in enumerate(layout.unknown):
        meant = _meant(key.text, layout) if count < _MAX_GUESSES else ""
        if not meant:
            yield _unknown(key, layout.kind)
        elif layout.kind == "environment.yml":
            yield _lost(key, meant, layout)
        else:
            yield _misspelt(key, meant, layout)


def _lost(key: Name, meant: str, layout: Layout) -> Problem:
    return Problem(
        key.text,
        f"`{key.text}` is no key of an environment file, so all below it is ignored",
        key.location,
        _advice(meant, layout),
        Severity.ERROR,
        _edits(key, meant, layout),
    )


def _misspelt(key: Name, meant: str, layout: Layout) -> Problem:
    message = f"`{key.text}` is no key of {_KINDS.get(layout.kind, layout.kind)}; it is ignored"
    edits = _edits(key, meant, layout)
    return Problem(key.text, message, key.location, _advice(meant, layout), edits=edits)


def _unknown(key: Name, kind: str) -> Problem:
    message = f"`{key.text}` is no key of {_KINDS.get(kind, kind)}; it is ignored"
    return Problem(key.text, message, key.location, "Delete it, or make it a comment.")


def _advice(meant: str, layout: Layout) -> str:
    return f"Move it to `{meant}`." if meant in layout.present else f"Write `{meant}`."


def _edits(key: Name, meant: str, layout: Layout) -> tuple[Edit, ...]:
    """None where the right key stands there too, or the wrong one is not plain at its place."""
    plain = key.location.length == len(key.text)
    return (Edit(key.location, key.text, meant),) if plain and meant not in layout.present else ()


def _meant(text: str, layout: Layout) -> str:
    """The known key that is nearly the same, without regard to capitals and dashes.

    An environment file has few keys, so it is clear what was meant; of settings some differ by
    little and are something else.
    """
    from difflib import get_close_matches

    word = text.rpartition(".")[2].lower().replace("-", "_")
    if len(word) > _MAX_LENGTH:
        return ""
    near = get_close_matches(word, sorted(layout.known), 1, _NEAR)
    sure = near and (layout.kind == "environment.yml" or _slips(word, near[0]) <= _MAX_SLIPS)
    return near[0] if sure else ""


def _slips(text: str, other: str) -> int:
    """How many characters are wrong, missing or too many."""
    from difflib import SequenceMatcher

    steps = SequenceMatcher(None, text, other, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for kind, a, b, c, d in steps if kind != "equal")
