"""Task pages, which come from a host of their own: HITs' pages, and the scripts that they use."""
