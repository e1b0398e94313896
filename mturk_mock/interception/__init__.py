"""Patches of other libraries, on while a mock is on."""
