"""What conda calls through its plugin hooks, one module for each; ``plugin`` declares them.

Each is imported when conda calls it, and imports of conda what it needs: conda is there then,
and is no dependency of the rest.
"""
