"""What tests need, ours and other people's: examples run, channels made."""

from conda_preflight.testing.examples import (
    TODAY,
    Example,
    audit_files,
    examples,
    project_of,
    run_check,
    write_files,
)

__all__ = ["TODAY", "Example", "audit_files", "examples", "project_of", "run_check", "write_files"]
