"""Images in a registry: pulled and pushed by their digests, over HTTP and without a daemon.

Source: the OCI distribution specification, https://github.com/opencontainers/distribution-spec.
"""
