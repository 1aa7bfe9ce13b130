"""What is asked of a solver, what it answers, and what follows from that: no solver in here."""

SNAPSHOT = ".snapshot.json.xz"
"""What the name of a snapshot has behind that of its lock."""
