"""JavaScript regular expressions: matching, and example texts."""
