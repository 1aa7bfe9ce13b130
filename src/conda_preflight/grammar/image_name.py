"""The images that a Dockerfile begins from, with what is known of their names.

Source: the reference format of images (https://github.com/distribution/reference).
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Dockerfile, Instruction, Location
from conda_preflight.grammar.image_stage import stages
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_ARGUMENT = lazy_pattern(r"\$(?:\{(\w{1,100})(?::?-([^{}]{0,300}))?\}|(\w{1,100}))")
_DEFAULT = lazy_pattern(r"(\w{1,100})=[\"']?([^\"'\s]{0,300})[\"']?")
_NAMED = lazy_pattern(r"(?i)\sAS\s+([\w.-]{1,200})\s*$")
_ROUNDS = 5
_VERSION = "0123456789._-"


@value_type
class BaseImage:
    """An image that is no stage: ``repository`` without tag, tag and digest empty where absent.

    ``written`` is what stands in the file; ``is_known`` is false where an argument without a
    default is part of it.
    """

    written: str
    repository: str
    tag: str
    digest: str
    is_known: bool
    stage: int
    location: Location

    @property
    def name(self) -> str:
        """The last part of the repository: ``miniconda3``."""
        return self.repository.rpartition("/")[2]


def base_images(dockerfile: Dockerfile) -> Iterator[BaseImage]:
    """Each image that a stage begins from, but scratch and other stages."""
    arguments = _arguments(dockerfile.instructions)
    own = {name.lower() for i in dockerfile.instructions for name in _NAMED.findall(i.value)}
    froms = [i for i in dockerfile.instructions if i.keyword == "FROM"]
    for stage, instruction in zip(stages(dockerfile), froms, strict=False):
        if stage.parent is None and stage.image not in ("", "scratch"):
            found = image(stage.image, arguments, stage.number, instruction.location)
            if found.tag or found.digest or not _is_stage(found, own):
                yield found


def _is_stage(found: BaseImage, own: set[str]) -> bool:
    """Whether it means a stage, by its name or by an argument that chooses one (``cuda11.8``)."""
    name = found.repository
    chosen = "$" in found.written and {each.rstrip(_VERSION) for each in own}
    return name in own or bool(chosen and name.rstrip(_VERSION) in chosen)


def image(
    written: str, arguments: dict[str, str], stage: int = 0, location: Location | None = None
) -> BaseImage:
    """The parts of an image's name as it is written, with the defaults of its arguments."""
    whole = _filled(written, arguments)
    name, _, digest = whole.partition("@")
    head, colon, tag = name.rpartition(":")
    is_tag = bool(colon) and "/" not in tag
    return BaseImage(
        written=written,
        repository=(head if is_tag else name).lower(),
        tag=tag if is_tag else "",
        digest=digest,
        is_known="$" not in whole,
        stage=stage,
        location=location or Location(""),
    )


def _arguments(instructions: tuple[Instruction, ...]) -> dict[str, str]:
    """The defaults of the arguments before the first FROM."""
    found: dict[str, str] = {}
    for instruction in instructions:
        if instruction.keyword == "FROM":
            break
        if instruction.keyword == "ARG":
            found.update(_DEFAULT.findall(instruction.value))
    return found


def _filled(text: str, arguments: dict[str, str]) -> str:
    for _ in range(_ROUNDS):
        filled = _ARGUMENT.sub(
            lambda m: arguments.get(m[1] or m[3]) or m[2] or m[0],
            text[:2000],
        )
        if filled == text:
            break
        text = filled
    return text
