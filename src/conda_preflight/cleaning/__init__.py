"""What lies in caches and environments, what of it may go, and why; nothing is touched here."""
