"""Names of environments: what conda refuses, and the scheme ``project_stage_purpose``.

Source of what conda refuses: ``PREFIX_NAME_DISALLOWED_CHARS`` and ``RESERVED_ENV_NAMES`` of
``conda.base.constants``.
"""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.pattern import lazy_pattern

REFUSED = frozenset("/ :#")
RESERVED = frozenset(("base", "root"))
MAX_LENGTH = 255
STAGES = ("data", "pretrain", "train", "finetune", "eval", "infer", "serve")
PURPOSES = ("dev", "test", "staging", "prod")
"""The words of the scheme, unless the settings name others."""

_SEPARATORS = lazy_pattern(r"[^A-Za-z0-9]+")
_PLAIN = lazy_pattern(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_TEMPLATE = lazy_pattern(r"\{\{|\$\{?[A-Za-z_]|<[A-Za-z _-]+>|%\w+%")
_OTHER_WORDS = {
    "training": "train",
    "pretraining": "pretrain",
    "finetuning": "finetune",
    "ft": "finetune",
    "sft": "finetune",
    "evaluation": "eval",
    "evaluate": "eval",
    "benchmark": "eval",
    "inference": "infer",
    "serving": "serve",
    "server": "serve",
    "deploy": "serve",
    "deployment": "serve",
    "preprocessing": "data",
    "prep": "data",
    "development": "dev",
    "testing": "test",
    "tests": "test",
    "ci": "test",
    "stage": "staging",
    "production": "prod",
}


def is_template(name: str) -> bool:
    """Whether the name is still to be filled in (``{{ name }}``, ``${NAME}``)."""
    return bool(_TEMPLATE.search(name))


def is_production(name: str) -> bool:
    """Whether a word of the name means production, wherever it stands."""
    return any(_OTHER_WORDS.get(word, word) == "prod" for word in _words(name))


def read(name: str, stages: Sequence[str], purposes: Sequence[str]) -> str:
    """What is wrong with a name by the scheme, in a few words; empty where nothing is."""
    parts = name.split("_")
    stage = parts[-2] if len(parts) > 1 else ""
    if parts[-1] in purposes and stage in stages:
        if len(parts) == 2:  # noqa: PLR2004  (stage and purpose)
            return "the project is missing"
        return (
            "" if _PLAIN.fullmatch(name) else "only lower-case letters, digits and `_` belong in it"
        )
    found_stage, found_purpose = _known(name, stages), _known(name, purposes)
    if found_stage and found_purpose:
        return "the stage and the purpose stand last, parted by `_`"
    missing = [
        word for word, found in (("stage", found_stage), ("purpose", found_purpose)) if not found
    ]
    return f"the {' and the '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing"


def suggested(name: str, stages: Sequence[str], purposes: Sequence[str]) -> str:
    """A name by the scheme with the same words, empty where a stage or a purpose is not said."""
    stage, purpose = _known(name, stages), _known(name, purposes)
    if not stage or not purpose or len(name) > MAX_LENGTH:
        return ""
    words = [w for w in _words(name) if _OTHER_WORDS.get(w, w) not in (stage, purpose)]
    return "_".join([*(words or ["project"]), stage, purpose])


def _known(name: str, known: Sequence[str]) -> str:
    """The last word of a name that is one of these, or means one of them."""
    words = [word if word in known else _OTHER_WORDS.get(word, "") for word in _words(name)]
    return next((word for word in reversed(words) if word in known), "")


def _words(name: str) -> list[str]:
    return [word for word in _SEPARATORS.sub("_", name.lower()[:MAX_LENGTH]).split("_") if word]


def purpose(name: str) -> str:
    """The last word of a name in the scheme's spelling: ``prod`` of ``chat-infer-production``."""
    last = (_words(name) or [""])[-1]
    return _OTHER_WORDS.get(last, last)
