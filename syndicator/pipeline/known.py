"""Remember which entries of a source were read, by their fingerprints."""

from __future__ import annotations

from collections.abc import Sequence

from syndicator.model.source import SourceState

MAX_READ = 2000  # entries that are remembered as read, 11 bytes each; the longest feeds we met had 1,000
FINGERPRINT = 11  # characters (see `Parsed.fingerprints`)


def known_fingerprints(state: SourceState) -> frozenset[str]:
    """Return the fingerprints of the entries that were read in the last document."""
    return frozenset(_split(state.read))


def join_known(fingerprints: Sequence[str], before: str = "") -> str:
    """Return *fingerprints* one after the other, then those of *before* that are not among them; `MAX_READ` in all."""
    return "".join([*dict.fromkeys([*fingerprints, *_split(before)])][:MAX_READ])


def _split(read: str) -> list[str]:
    return [read[at : at + FINGERPRINT] for at in range(0, len(read), FINGERPRINT)]
