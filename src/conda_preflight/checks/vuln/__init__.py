"""Known vulnerabilities of what is asked for, locked or installed."""
