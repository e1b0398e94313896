"""States to start from: taken from a mock, kept, and written to files that people can read."""
