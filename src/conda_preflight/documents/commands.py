"""What a file tells a shell or a builder of images to do."""

from __future__ import annotations

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type, value_type


@value_type
class Command:
    """One shell command found in a file: its words without quotes, and its place.

    ``job`` is the job of a CI file that it stands in, empty for what all of them share;
    ``folder`` is where it runs, as the commands and settings before it say: relative to where
    the file's commands begin, and "$" where that is not known.
    """

    words: tuple[str, ...]
    location: Location
    job: str = ""
    folder: str = ""


@document_type
class Instruction:
    """One Dockerfile instruction: the keyword in capitals, the value with continuations joined.

    ``value`` keeps flags (``--mount=...``) and here-documents; ``stage`` counts FROM from 0,
    and is -1 before the first; ``words`` are the items of an exec form or the arguments
    without quotes, and empty where a shell reads them.
    """

    keyword: str
    value: str
    location: Location
    stage: int
    words: tuple[str, ...] = ()


@document_type
class Dockerfile:
    """A Dockerfile: its instructions, and the shell commands of RUN, CMD and ENTRYPOINT."""

    path: str
    location: Location
    instructions: tuple[Instruction, ...] = ()
    commands: tuple[Command, ...] = ()


@document_type
class Script:
    """A file that tells people or machines what to run; ``kind`` is "readme", "ci" or "script"."""

    path: str
    kind: str
    location: Location
    commands: tuple[Command, ...] = ()
