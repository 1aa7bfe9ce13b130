"""Policies that a house has written in Rego: what they get, and what they may answer."""
