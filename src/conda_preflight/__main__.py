"""``python -m conda_preflight`` and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; ``--version`` alone answers before anything is imported."""
    if sys.argv[1:] == ["--version"]:
        from conda_preflight import __version__

        sys.stdout.write(f"conda-preflight {__version__}\n")
        return
    from conda_preflight.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
