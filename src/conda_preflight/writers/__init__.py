"""One module per output format: ``write(report)`` returns the whole text."""
