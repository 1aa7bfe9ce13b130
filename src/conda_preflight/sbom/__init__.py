"""Software bills of materials: what a manifest, lock or prefix holds, in the standard formats."""
