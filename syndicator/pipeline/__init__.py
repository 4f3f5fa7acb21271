"""The verbs, in the order in which news flows; all pure: values in, values out.

Asking: cadence. Reading: parse, with decode, entries, jsonfeed, dates, clean; then identity. Choosing: rules, with
terms, fields, rulebook, judging; cues, ties, knots, clusters, likeness, then group; curate. Saying why: explain, plan,
because. Republishing: syndicate, with feed_entries, feed_extensions, json_feed_writer; views, desk, pages. Mailing:
calendar, digest, compose, headers, outbox. Readers: readers, tokens.
"""
