"""JavaScript regular expressions: parsing, matching, and example texts."""
