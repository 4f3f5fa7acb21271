"""Read feeds.yaml, the one file that admins edit: `load.load_config` gives a `model.Config`, or every mistake's place.

Nothing is imported here: whoever needs only the nouns of `model` need not load what reads YAML, half of all memory.
"""
