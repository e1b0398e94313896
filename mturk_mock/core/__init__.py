"""Errors, the clock, IDs, pagination and indexes, which all other packages use."""
