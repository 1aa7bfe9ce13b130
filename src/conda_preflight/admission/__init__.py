"""What a cluster asks before it runs an image: a fresh, signed GO for it."""
