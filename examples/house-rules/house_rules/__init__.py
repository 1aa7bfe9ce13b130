"""Checks of one organization."""
