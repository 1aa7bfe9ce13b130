"""One adapter per product that this program works with."""
