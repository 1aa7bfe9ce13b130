"""Whether a prefix can be changed: real attempts on a copy of it, and what each one did."""
