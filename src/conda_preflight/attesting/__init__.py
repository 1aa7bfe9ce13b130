"""Verdicts that can be passed on: statements, envelopes, and when one is accepted."""
