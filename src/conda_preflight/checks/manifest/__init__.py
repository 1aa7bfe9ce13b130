"""What somebody asked for."""
