"""A model of the dynamic loader: what it would map for each entry point, without running it."""
