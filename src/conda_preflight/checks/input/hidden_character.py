"""input/hidden-character."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Location, Project, Script, Source
from conda_preflight.report import Problem, Severity

_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x1b\x9b\x08\x7f")


@check("input/hidden-character", Severity.ERROR)
def hidden_character(source: Source, project: Project) -> Iterator[Problem]:
    """A file holds characters that hide or reorder what a reviewer sees.

    Controls of writing direction and of terminals make a line look other than what the
    tools read: a reviewer approves one package and the solver installs another
    (CVE-2021-42574). No environment file needs them. A README is not judged.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11  # \u202e exact
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies:
      - python=3.11  # exact
    ```

    ## Fix

    Delete the character; an editor that shows invisible characters finds it.
    """
    if any(script.path == source.path for script in project.of(Script)):
        raise Skip("prose is not installed")
    if _HIDDEN.isdisjoint(source.text):
        return
    for number, line in enumerate(source.lines, 1):
        found = [(column, char) for column, char in enumerate(line, 1) if char in _HIDDEN]
        if found:
            column, char = found[0]
            yield Problem(
                f"U+{ord(char):04X}",
                f"The invisible character U+{ord(char):04X} stands in this line",
                Location(source.path, number, column, 1),
                "Delete it.",
            )
            return
