"""Handling one request: decode, check, call the operation, encode."""
