"""What a prefix holds on the disk against what its records say: plain values in and out."""
