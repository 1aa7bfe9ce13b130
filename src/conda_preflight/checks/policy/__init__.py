"""Exceptions that somebody made."""
