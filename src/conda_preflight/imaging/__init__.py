"""Images from a lock: which packages share a layer, and what is in them for nothing."""
