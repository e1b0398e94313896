"""XML documents: parsing, and checking by a schema."""
