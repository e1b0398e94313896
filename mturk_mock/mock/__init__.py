"""What users hold: `mock_mturk`, its handle, its options."""
