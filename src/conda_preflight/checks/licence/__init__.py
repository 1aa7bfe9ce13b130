"""Whether each package may be used and passed on as intended."""
