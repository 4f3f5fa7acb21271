"""The use cases, in the order of a turn: refresh, gather, freeze, publish, dispatch; and subscribe beside them.

Each speaks to the world through ports only, and returns a report of what it did.
"""
