"""Errors, time, IDs, pages and indexes, for all other packages."""
