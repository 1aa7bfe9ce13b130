"""What the project says about its environment."""
