"""Tries an environment on the machine at hand, with the environment's own Python."""
