"""Regular expressions of JavaScript: what they match, and texts that match."""
