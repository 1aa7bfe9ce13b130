"""Commands that run another command: ``sudo``, ``env``, ``time``, ``bash -c`` and their kind."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.pattern import lazy_pattern

_ASSIGNMENT = lazy_pattern(r"[A-Za-z_]\w*(?:\[\w*\])?\+?=")
_KEYWORDS = frozenset(
    ("if", "then", "elif", "else", "fi", "while", "until", "do", "done", "esac", "{", "}", "!")
)
_NO_COMMAND = frozenset(("for", "case", "select", "function"))
_SHELLS = frozenset(("bash", "sh", "zsh", "dash", "ash", "ksh", "rbash", "su"))
_POWERSHELLS = frozenset(("powershell", "pwsh"))

_WRAPPERS: dict[str, tuple[frozenset[str], int]] = {
    name: (frozenset(valued.split()), operands)
    for name, valued, operands in (
        ("sudo", "-u -g -p -C -h -D -R -T -U --user --group --chdir --host --prompt", 0),
        ("doas", "-u -C", 0),
        ("env", "-u -C --unset --chdir", 0),
        ("time", "-f -o --format --output", 0),
        ("nice", "-n --adjustment", 0),
        ("ionice", "-c -n -p --class --classdata", 0),
        ("timeout", "-s -k --signal --kill-after", 1),
        ("stdbuf", "-i -o -e --input --output --error", 0),
        ("gosu", "", 1),
        ("su-exec", "", 1),
        ("chroot", "", 1),
        ("xargs", "-n -L -P -I -d -a -s -E --max-args --max-procs --max-lines --arg-file", 0),
        ("tini", "-p -e", 0),
        ("exec", "-a", 0),
        ("cmd", "", 0),
        ("nohup", "", 0),
        ("command", "", 0),
        ("builtin", "", 0),
        ("dumb-init", "", 0),
        ("winpty", "", 0),
    )
}
"""By name: the options that take a value, and how many operands come before the command."""


def program_name(word: str) -> str:
    """``/opt/conda/bin/conda`` and ``conda.exe`` as ``conda``."""
    name = word.replace("\\", "/").rpartition("/")[2]
    for suffix in (".exe", ".bat", ".cmd"):
        name = name.removesuffix(suffix)
    return name


def program_at(words: Sequence[str]) -> int:
    """Which word is the program that does the work; past the end where there is none."""
    at = 0
    while at < len(words):
        word = words[at]
        if word in _NO_COMMAND:
            return len(words)
        if word in _KEYWORDS or _ASSIGNMENT.match(word):
            at += 1
            continue
        name = program_name(word)
        if name in _POWERSHELLS and (begin := _command_of_powershell(words, at)) + 1 < len(words):
            at = begin  # several words are the command itself, one is its text
            continue
        wrapper = _WRAPPERS.get(name)
        if wrapper is None or words[at + 1 : at + 2] in (["-v"], ["-V"]):
            return at
        at = _past_options(words, at + 1, *wrapper)
    return at


def script_at(words: Sequence[str]) -> int | None:
    """Which word of ``bash -c TEXT`` is the text; None where the command is no such thing."""
    name = program_name(words[0]) if words else ""
    if name in _POWERSHELLS:
        begin = _command_of_powershell(words, 0)
        return begin if begin < len(words) else None
    return _posix_script_at(words, name) if name in _SHELLS else None


def is_shell(words: Sequence[str]) -> bool:
    """Whether these words start a shell that reads its commands from its input."""
    rest = words[program_at(words) :]
    if not rest:
        return True
    options = [word for word in rest[1:] if word not in ("-s", "-")]
    return program_name(rest[0]) in _SHELLS and all(word.startswith("-") for word in options)


def _past_options(words: Sequence[str], at: int, valued: frozenset[str], operands: int) -> int:
    windows = program_name(words[at - 1]) == "cmd"
    while at < len(words) and words[at].startswith("/" if windows else "-"):
        at += 2 if words[at] in valued else 1
        if words[at - 1] == "--":
            break
    return at + operands


def _command_of_powershell(words: Sequence[str], at: int) -> int:
    """The word after ``-Command``; past the end where there is none."""
    options = (n + 1 for n in range(at, len(words)) if words[n].lower() in ("-command", "-c"))
    return next(options, len(words))


def _posix_script_at(words: Sequence[str], name: str) -> int | None:
    wanted = False
    at = 1
    while at < len(words):
        word = words[at]
        if word == "-o":
            at += 1
        elif word.startswith(("-", "+")):
            wanted = wanted or (word[1:].isalpha() and "c" in word) or word == "--command"
        elif name != "su" or wanted:
            return at if wanted else None
        at += 1
    return None
