"""The pre-flight checklist for conda environments that carry large models."""

__version__ = "0.1.0"
