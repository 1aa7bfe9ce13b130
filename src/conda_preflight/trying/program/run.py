"""``python -B run.py STEP ANSWER-FILE DEVICE``: tries one step and ends."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from types import ModuleType

_PACKAGE = "conda_preflight_trial"


def main() -> None:
    """Try what was asked; the exit code says nothing, the answer does."""
    step, path, device = sys.argv[1:4]
    _become_package()
    _be_first_to_go()
    telling = importlib.import_module(_PACKAGE + ".telling")
    steps = importlib.import_module(_PACKAGE + ".steps")
    module, argument = steps.STEPS[step]
    answer = telling.Answer(path, device, argument)
    if device != "auto":
        answer.fact("wanted", device)
    status, detail = "failed", ""
    try:
        importlib.import_module(_PACKAGE + "." + module).attempt(answer)
        status = "passed"
    except telling.NotTriedError as reason:
        status, detail = "not-tried", str(reason)
    except telling.NotInstalledError as reason:
        status, detail = "not-installed", str(reason)
    except telling.WrongResultError as reason:
        detail = str(reason)
    except BaseException as error:  # noqa: BLE001  (whatever a framework raises is its answer)
        detail = type(error).__name__ + ": " + _text(error)
    answer.end(status, detail)


def _become_package() -> None:
    """Let these files import each other, and the prefix see nothing of their folder."""
    folder = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.realpath(sys.path[0]) == os.path.realpath(folder):
        del sys.path[0]
    package = ModuleType(_PACKAGE)
    package.__path__ = [folder]
    sys.modules[_PACKAGE] = package


def _be_first_to_go() -> None:
    """Where memory runs out, this process is to be ended and no other."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  (an error that cannot even be told)
        return "its message cannot be read"


if __name__ == "__main__":
    main()
