"""Whether the target can run it."""
