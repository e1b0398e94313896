"""One request: decode, check, call the operation, encode."""
