"""Which options of each installer take a value, and what the short ones stand for.

Sources: the ``--help`` pages of conda 26, mamba 2, conda-lock 4, pip 26, uv 0.9, pixi 0.60
and poetry 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.plain import value_type


@value_type
class Options:
    """``valued`` are the long options with a value; ``short`` says what one letter means."""

    valued: frozenset[str]
    short: dict[str, str]


@value_type
class Arguments:
    """Options as (long name, value or None where it takes none), and what else there is."""

    options: tuple[tuple[str, str | None], ...]
    operands: tuple[str, ...]

    def values(self, *names: str) -> tuple[str, ...]:
        """The values of the options with one of these names, in order."""
        return tuple(value for name, value in self.options if name in names and value)


def _options(valued: str, short: str) -> Options:
    pairs = (pair.split("=") for pair in short.split())
    return Options(
        frozenset(f"--{name}" for name in valued.split()),
        {f"-{letter}": f"--{name}" for letter, name in pairs},
    )


CONDA = _options(
    "name prefix channel file platform subdir solver repodata-fn revision clone python "
    "root-prefix rc-file category environment-specifier cwd log-level retry-clean-cache",
    "n=name p=prefix c=channel f=file y=yes q=quiet v=verbose d=dry-run r=root-prefix",
)
CONDA_LOCK = _options(
    "file platform channel lockfile kind filename-template conda name prefix extras category "
    "virtual-package-spec metadata update pdb log-level pypi_to_conda_lookup_file",
    "f=file p=platform c=channel k=kind n=name e=extras",
)
CONDA_LOCK_INSTALL = _options(
    "name prefix extras conda log-level file category force-platform",
    "n=name p=prefix E=extras f=file",
)
PIP = _options(
    "requirement constraint editable index-url extra-index-url find-links target prefix root "
    "platform python-version implementation abi timeout trusted-host progress-bar no-binary "
    "only-binary cache-dir src upgrade-strategy config-settings global-option install-option "
    "proxy retries cert client-cert log use-feature use-deprecated report exists-action "
    "root-user-action python group build-constraint requirements-from-script keyring-provider",
    "r=requirement c=constraint e=editable i=index-url f=find-links t=target C=config-settings "
    "U=upgrade I=ignore-installed q=quiet v=verbose b=build-constraint",
)
UV = _options(
    "requirement requirements constraint constraints override overrides editable index-url "
    "extra-index-url find-links target prefix python python-version python-platform torch-backend "
    "index default-index no-binary only-binary cache-dir config-setting exclude-newer group extra "
    "package project directory config-file link-mode index-strategy keyring-provider resolution "
    "prerelease upgrade-package reinstall-package output-file no-group only-group with branch tag "
    "rev bounds env-file allow-insecure-host refresh-package no-install-package build-constraints",
    "r=requirement c=constraint e=editable i=index-url f=find-links t=target C=config-setting "
    "p=python U=upgrade P=upgrade-package o=output-file n=no-cache q=quiet v=verbose b="
    "build-constraints",
)
PIXI = _options(
    "manifest-path environment platform feature channel color auth-file pypi-index-url git branch "
    "tag rev subdir expose with concurrent-solves concurrent-downloads log-level",
    "e=environment p=platform f=feature c=channel m=manifest-path g=git q=quiet v=verbose a=all",
)
POETRY = _options(
    "with without only extras group directory project python source platform",
    "E=extras G=group C=directory P=project e=editable q=quiet v=verbose n=no-interaction",
)


def parse(words: Sequence[str], options: Options, *, stop: bool = False) -> Arguments:
    """The options and operands of a command line; with ``stop``, all after an operand are such."""
    found: list[tuple[str, str | None]] = []
    operands: list[str] = []
    rest = list(reversed(words))
    while rest:
        word = rest.pop()
        if word == "--" or (stop and operands):
            operands.extend(reversed(rest) if word == "--" else (word, *reversed(rest)))
            break
        if not word.startswith("-") or word == "-":
            operands.append(word)
        else:
            found.append(_option(word, rest, options))
    return Arguments(tuple(found), tuple(operands))


def _option(word: str, rest: list[str], options: Options) -> tuple[str, str | None]:
    name, equals, value = word.partition("=")
    if word.startswith("--"):
        if equals:
            return name, value
        return name, rest.pop() if name in options.valued and rest else None
    long = options.short.get(word[:2], word[:2])
    if long not in options.valued:
        return options.short.get(word, word), None
    if len(word) > 2:  # noqa: PLR2004  (a dash and a letter)
        return long, word[2:].removeprefix("=")
    return long, rest.pop() if rest else None
