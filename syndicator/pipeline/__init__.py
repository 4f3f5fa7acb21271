"""The verbs, in the order in which news flows; all pure: values in, values out.

parse, dates, clean, identity, text, rules, group, curate, syndicate, views, digest, compose, tokens, cadence.
"""
