"""The public surface: `mock_mturk`, its options, and the handle of a mock."""
