"""Whether what packages need is what a machine has."""
