"""State that does not come from history: snapshots, files, and what `add_hit` puts in place."""
