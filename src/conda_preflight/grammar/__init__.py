"""The small languages inside documents: YAML with places, specs, requirements, URLs, commands."""
