"""People at work, and what they see: the side of Mechanical Turk that has no API."""
