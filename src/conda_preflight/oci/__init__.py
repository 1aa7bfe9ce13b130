"""Images as files: layers, manifests, layouts and archives, without a daemon and without root."""
