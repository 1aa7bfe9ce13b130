"""Checks by policies that a house has written itself."""
