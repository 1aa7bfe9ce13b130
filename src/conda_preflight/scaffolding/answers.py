"""What a person says about a new project, and the name that its environment gets."""

from __future__ import annotations

from difflib import get_close_matches

from conda_preflight.errors import UsageError
from conda_preflight.facts.presets import names, preset
from conda_preflight.facts.tasks import Task
from conda_preflight.grammar.environment_name import PURPOSES, STAGES
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_PYTHON = lazy_pattern(r"3\.(\d{1,2})")
_OTHER = lazy_pattern(r"[^a-z0-9]+")
_PLATFORMS = {
    ("linux", "x86_64"): "linux-64",
    ("linux", "aarch64"): "linux-aarch64",
    ("darwin", "arm64"): "osx-arm64",
    ("windows", "x86_64"): "win-64",
}
_OLDEST, _NEWEST = 11, 14
_STAGE_OF = {"train": "train", "job": "data", "mlflow": "serve", "ray-serve": "serve"}
MAX_PROJECT = 60


@value_type
class Machine:
    """Where it shall run, by a name that a target has: ``a100``, ``cpu``, ``apple``.

    ``capability`` is that of its GPU, empty where it has none of NVIDIA's.
    """

    name: str
    platform: str
    capability: str = ""

    @property
    def has_image(self) -> bool:
        """Whether images run there."""
        return self.platform.startswith("linux")


@value_type
class Answers:
    """All that is asked; ``stage`` is what is done (infer), ``purpose`` for whom (prod)."""

    project: str
    stage: str
    purpose: str
    task: Task
    machine: Machine
    python: str

    @property
    def environment(self) -> str:
        """``chatbot_infer_prod``."""
        return f"{self.project}_{self.stage}_{self.purpose}"


def project_word(text: str) -> str:
    """A name as environments have it: lower-case letters and digits with ``_`` between.

    Raises UsageError where nothing is left of it.
    """
    word = _OTHER.sub("_", text.lower()[:MAX_PROJECT]).strip("_")
    if not word:
        raise UsageError(f"{text[:40]!r} is no name for a project", "Name it: --project chatbot.")
    return word


def two_words(one: str, other: str, task: str) -> tuple[str, str]:
    """What is done and for whom, from two words in either order; the task says what is left out.

    Raises UsageError where a word is neither, or both are of one kind.
    """
    given = [word for word in (one, other) if word]
    for word in given:
        if word not in (*STAGES, *PURPOSES):
            raise UsageError(
                f"{word[:40]!r} is neither a stage nor a purpose",
                f"Stages are {', '.join(STAGES)}; purposes are {', '.join(PURPOSES)}.",
            )
    stages = [word for word in given if word in STAGES]
    purposes = [word for word in given if word in PURPOSES]
    if len(stages) > 1 or len(purposes) > 1:
        raise UsageError(
            f"{one} and {other} say the same kind of thing",
            f"One of {', '.join(STAGES)}; and one of {', '.join(PURPOSES)}.",
        )
    return (stages or [_STAGE_OF.get(task, "infer")])[0], (purposes or [""])[0]


def machine(name: str) -> Machine:
    """The machine of that name; raises UsageError where no target is called so."""
    found = preset(name)
    if found is None:
        near = get_close_matches(name.strip().lower(), names(), 1)
        hint = f"Did you mean {near[0]!r}?" if near else "Such as a100, rtx-4090, cpu or apple."
        raise UsageError(f"There is no hardware {name[:40]!r}", hint)
    gpus = found["gpus"]
    capability = str(gpus[0]["capability"]) if isinstance(gpus, list) and gpus else ""
    platform = _PLATFORMS[str(found["os"]), str(found["arch"])]
    return Machine(str(found["name"]), platform, capability)


def python_version(text: str) -> str:
    """``3.12``; raises UsageError for another form, or one that frameworks have no builds for."""
    found = _PYTHON.fullmatch(text.strip())
    if not found or not _OLDEST <= int(found[1]) <= _NEWEST:
        hint = f"Write 3.{_OLDEST} to 3.{_NEWEST}."
        raise UsageError(f"There is no stack for Python {text[:20]!r}", hint)
    return text.strip()
