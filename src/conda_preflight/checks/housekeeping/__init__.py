"""Rules about what is left behind: stale, wasteful, in the wrong place."""
