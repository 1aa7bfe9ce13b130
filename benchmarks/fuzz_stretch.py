"""Whether time grows faster than the text: what fuzzing found, with a piece of it repeated.

``python -m benchmarks.fuzz_stretch READER FOLDER SECONDS`` draws inputs from the corpus,
repeats one of their pieces up to 8 KiB and reads them, without atheris, so that the second
that each may take is the reader's own. An input that breaks the promise is kept.
"""

from __future__ import annotations

import hashlib
import random
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

from benchmarks.fuzz_mutation import stretched
from benchmarks.fuzz_target import MAX_BYTES, target

SEED = 20261124
MAX_WAIT = 60
"""Seconds of the clock after which an input is given up, also inside an expression."""


def main() -> None:
    """Read until the time is over or the reader breaks its promise, and say how often."""
    reader, folder, seconds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    corpus = [file.read_bytes() for file in sorted((folder / "corpus").iterdir())]
    chance = random.Random(SEED)  # noqa: S311
    one_input = target(reader)
    signal.signal(signal.SIGALRM, _too_long)
    end = time.monotonic() + seconds
    count = 0
    while corpus and time.monotonic() < end:
        data = stretched(chance.choice(corpus), MAX_BYTES, chance)
        count += 1
        signal.alarm(MAX_WAIT)
        try:
            one_input(data)
        except Exception:  # noqa: BLE001  (any at all is what is looked for)
            traceback.print_exc()
            name = hashlib.sha256(data).hexdigest()[:16]
            (folder / "crashes" / f"stretched-{name}").write_bytes(data)
            break
    print(f"stretched: {count}", file=sys.stderr)


def _too_long(signum: int, frame: object) -> NoReturn:  # noqa: ARG001
    raise TimeoutError(f"One input took more than {MAX_WAIT} s")


if __name__ == "__main__":
    main()
