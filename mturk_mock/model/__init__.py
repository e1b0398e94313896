"""The marketplace: HITs, assignments, people and money, and the rules of their lives.

Functions here take the time as an argument and raise `MTurkError`; they know neither
the wire nor botocore. Nothing is changed before everything that can fail has passed.
"""
