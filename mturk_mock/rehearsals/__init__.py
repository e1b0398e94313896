"""Rehearsals: campaigns run many times in mocks, to compare their designs before money is spent."""
