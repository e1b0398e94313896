"""State that is set without the API: snapshots, their files, `add_hit` and its relatives."""
