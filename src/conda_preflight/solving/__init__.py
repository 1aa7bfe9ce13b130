"""What is asked of a solver, what it answers, and what follows from that: no solver in here."""
