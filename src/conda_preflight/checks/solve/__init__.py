"""What will be installed."""
