"""The nouns, in the order in which news flows.

`Source` → `Fetched` → `Entry` → `Item` → `Story` → `Feed`, and `Edition` → `Variant` → `Delivery` → `Receipt`.
Read the modules in that order: source, entry, story, edition, subscriber, mail.
"""
