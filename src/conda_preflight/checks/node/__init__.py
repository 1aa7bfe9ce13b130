"""Checks of the machine itself, by what a probe read on it."""
