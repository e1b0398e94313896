"""Patches of other libraries while a mock is active."""
