"""What the code imports."""
