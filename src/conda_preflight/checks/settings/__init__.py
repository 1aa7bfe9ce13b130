"""conda's own settings."""
