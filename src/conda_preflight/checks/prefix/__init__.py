"""Whether the installed environment is whole and can be loaded."""
