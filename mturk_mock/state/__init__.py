"""State set without API calls: snapshots, state files, and what `add_hit` and the like add."""
