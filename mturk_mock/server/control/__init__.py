"""The control API of a server: JSON below ``/_mturk/``, for what is not in Mechanical Turk's API.

`table.py` has the one table of operations. Routing, the checks of input and the OpenAPI document
are made from it. An operation is added by a function with the decorator `operation`.
"""
