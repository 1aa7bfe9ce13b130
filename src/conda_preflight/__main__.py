"""``python -m conda_preflight`` and the console script."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line; ``--version`` alone answers before anything is imported."""
    if sys.argv[1:] == ["--version"]:
        from conda_preflight import __version__

        sys.stdout.write(f"conda-preflight {__version__}\n")
        return
    gc.disable()  # imports make many objects and no garbage; saves 3 ms of 100
    from conda_preflight.cli import run

    code = run(sys.argv[1:])
    if "rattler" in sys.modules:
        from conda_preflight.engines.rattler_runtime import leave

        leave(code)
    gc.freeze()  # or all of them were walked once more before the end; saves 11 ms of 170
    sys.exit(code)


if __name__ == "__main__":
    main()
