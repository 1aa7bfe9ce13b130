"""The published JSON schemas of what is written and read, as the package brings them.

Each is a draft 2020-12 schema in ``schemas/NAME-1.json``. Within a version they only grow: what
was valid stays valid, and what was promised stays there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

URN = "urn:conda-preflight:schema:"
_FOLDER = Path(__file__).parent / "schemas"
_END = "-1.json"
Json = dict[str, object]


def names() -> tuple[str, ...]:
    """The names of all schemas, such as ``image-plan``."""
    return tuple(sorted(file.name.removesuffix(_END) for file in _FOLDER.glob(f"*{_END}")))


def published(name: str) -> Json:
    """The schema of that name, whole: those that it refers to stand in its ``$defs``.

    Raises FileNotFoundError where there is none of that name.
    """
    text = (_FOLDER / f"{name}{_END}").read_text(encoding="utf-8")
    schema = cast("Json", json.loads(text))
    others = [each for each in names() if f'"$ref": "{URN}{each}:1"' in text]
    if others:
        known = cast("Json", schema.get("$defs", {}))
        schema["$defs"] = {**known, **{f"{URN}{each}:1": published(each) for each in others}}
    return schema
