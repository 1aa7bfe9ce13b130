"""What a running machine says of itself; one module for each thing that is read."""
