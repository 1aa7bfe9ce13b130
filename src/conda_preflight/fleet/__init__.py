"""One audit on many nodes, or of many projects: asked side by side, compared, told as one."""
