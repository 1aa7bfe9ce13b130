"""Objects of Kubernetes that this program writes, as plain values."""
