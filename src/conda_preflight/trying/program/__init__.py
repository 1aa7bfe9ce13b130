"""The program that the Python of a prefix runs: standard library alone, Python 3.8 and newer.

Its files are read by an interpreter that knows nothing of this package, so that they import
each other relatively and nothing else of it.
"""
