"""What changes the world: one module per thing, never called by an audit."""
