"""The marketplace: HITs, assignments, workers and money, and their rules.

Functions take the time as an argument and raise `MTurkError`. A function that raises
leaves the state unchanged.
"""
