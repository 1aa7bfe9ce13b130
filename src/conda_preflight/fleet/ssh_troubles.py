"""Why a host could not be asked over ssh, in words, from how the client ended.

Source: messages of OpenSSH's clientloop.c, sshconnect.c and sshconnect2.c; exit codes of ssh(1) and
of the shell in POSIX.
"""

from __future__ import annotations

from conda_preflight.engines.ssh_client import Heard

_SSH, _NOT_FOUND, _NOT_RUN = 255, 127, 126
_SOME = 160
_TROUBLES = (
    (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        "its host key is not the one that is known here; find out why before you remove that one",
    ),
    (
        "Host key verification failed",
        "its host key is not known here; connect once by hand and compare it",
    ),
    ("Permission denied (", "it takes none of the keys that ssh has here"),
    ("Too many authentication failures", "ssh has more keys here than it tries; name one for it"),
    ("Could not resolve hostname", "its name has no address"),
    ("Connection refused", "no ssh server answers there"),
    ("No route to host", "there is no way to it"),
    ("Network is unreachable", "there is no way to it"),
    ("not responding", "the connection broke off"),
    ("timed out", "it does not answer to ssh"),
    (
        "kex_exchange_identification",
        "it closed the connection; where a jump host is too busy, ask fewer at once with --workers",
    ),
    ("Connection closed", "it closed the connection"),
    ("Connection reset", "it closed the connection"),
    ("Can't open user config file", "the settings of ssh cannot be read"),
    ("Bad configuration option", "the settings of ssh cannot be read"),
)


def reason(heard: Heard, program: str) -> str:
    """Why there is no answer, as a sentence's end with the last line that was said.

    ``program`` is what was to run there.
    """
    last = _last(heard.said)
    return f"{_why(heard, program)} ({last})" if last else _why(heard, program)


def _why(heard: Heard, program: str) -> str:
    code = heard.code or 0
    if code < 0:
        return f"ssh was ended by signal {-code}"
    if code == _SSH:
        said = heard.said.decode("utf-8", "replace")
        return next((why for text, why in _TROUBLES if text in said), "ssh could not ask it")
    if code == _NOT_FOUND:
        return f"there is no {program} there; name its path with --command"
    if code == _NOT_RUN:
        return f"{program} cannot be run there"
    return f"{program} ended there with exit code {code}" if code else "what it sent is no answer"


def _last(said: bytes) -> str:
    lines = (line.strip() for line in reversed(said.decode("utf-8", "replace").splitlines()))
    return next((line for line in lines if line), "")[:_SOME]
