"""One folder per family of the checklist, one module per rule, named as its id."""
