"""Workers and crowds: the part of Mechanical Turk that has no API."""
