"""The use cases, in the order of a turn: tidy, refresh, gather, freeze, publish, dispatch.

Beside them stand subscribe and roll, for those who come and go.

Each speaks to the world through ports only, and returns a report of what it did.
"""
