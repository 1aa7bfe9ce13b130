"""Checks of the family freeze: what could still change an environment."""
