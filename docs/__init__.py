"""The documentation, and what makes its generated pages from the code."""
