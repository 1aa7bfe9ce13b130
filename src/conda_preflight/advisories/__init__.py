"""Known vulnerabilities: read from records, matched with packages, judged."""
