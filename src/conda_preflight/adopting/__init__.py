"""What an existing environment asks for: from all that it holds to the few lines that matter."""
