"""XML: parsing, validation by schemas, and writing."""
