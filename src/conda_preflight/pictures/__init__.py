"""Pictures of plain values as SVG: no script, every text escaped, the same bytes each time.

A module for each picture makes a ``Picture``; ``writing`` writes it, alone or inside of a page.
"""
