"""Writers of lock files: from documents to text, one module per format.

Each writes the same text for the same lock, in the order that the tool which owns the
format uses, so that a change of one package changes the lines of that package alone.
"""
