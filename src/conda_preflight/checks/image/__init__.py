"""The image that carries the environment."""
