"""A person's own requests: what is held, corrections, erasure, and the log of who asked."""
