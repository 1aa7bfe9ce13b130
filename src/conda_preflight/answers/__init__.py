"""What ``why`` and ``diff`` say: one module per command and format.

Each has ``write`` from a value to a text that ends with a line feed; the text formats take an
``Ink`` besides.
"""
