"""What keeps tools from changing an environment: marks, and the record by which it is undone."""
