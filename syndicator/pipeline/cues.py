"""Tell what an item may have in common with another report of the same event, as short strings to look up by.

Items without a common cue are never compared. The home of rensa, which makes the MinHash of a text.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import combinations

from rensa import RMinHash

from syndicator.model.entry import Item
from syndicator.pipeline.likeness import WINDOW, wordings
from syndicator.pipeline.pointers import alternates, link_numbers, page, picture
from syndicator.pipeline.traits import Wording

# A cue begins with this; when the way they are made changes, so does this, and stored items get theirs anew.
VERSION = f"2{RMinHash.ALGORITHM_VERSION}"
_SEED = 2026
# Texts of a Jaccard likeness of 0.8 share one of the bands in 98 of 100 cases, those of 0.5 in 55 (Leskovec,
# Rajaraman, Ullman: Mining of Massive Datasets, section 3.4).
_BANDS, _ROWS = 6, 3
_SHINGLE = 2  # words; headlines with a summary are short, and one changed word breaks as many shingles as this
_SIGNS = 4  # the same in scripts that do not part words
_LEAST_SHINGLES = 4
_LEAST_WORDS = 3  # shorter headlines are names of columns
_TELLING_MARKS = 8  # of an item; their pairs are its cues
_FIRM = 2.0  # of the weights of two names or numbers, from which on their pair is a cue of its own
_EXACT = 1.7  # of the weight of a number that hardly stands in two articles of a week by chance
_TELLING_WORDS = 4
_PERIOD = int(WINDOW.total_seconds())
_KINDS = {"pair": "w", "words": "w", "title": "p", "band": "p", "link": "l", "number": "l"}


def cues(item: Item) -> tuple[str, ...]:
    """Return the cues of *item*, sorted: a pure function of what it says, its links, its picture and its time.

    A cue is at home in a period of three days (`.6872` at its end), so that what is printed every week does not
    gather; but for links, which are the same at any time.
    """
    found = {link_cue(link) for link in (page(item), *alternates(item)) if link}
    timed = set(_of_outlet(item))
    for wording in wordings(item):
        timed.update(_of_text(wording))
        timed.update(_of_marks(wording))
    return tuple(sorted(found | {of_period(_cue(each), item.published_at) for each in timed}))


def cues_of(item: Item) -> tuple[str, ...]:
    """Return the cues that *item* carries, or makes them anew if it has none of today's kind."""
    return item.cues if item.cues and item.cues[0].startswith(VERSION) else cues(item)


@lru_cache(maxsize=8192)
def link_cue(link: str) -> str:
    """Return the cue of a canonical link."""
    return _cue(f"link {link}")


def number_cue(outlet: str, number: str) -> str:
    """Return the cue, without its period, of a number by which *outlet* knows an article."""
    return _cue(f"number {outlet} {number}")


def of_period(cue: str, time: datetime) -> str:
    """Return *cue* as who tells at *time* has it."""
    return f"{cue}.{int(time.timestamp()) // _PERIOD}"


def is_proof(cue: str) -> bool:
    """Tell whether *cue* is that of the same words, which tell of one event however many print them."""
    return cue[len(VERSION)] == "p"


def is_article(cue: str) -> bool:
    """Tell whether *cue* is a link or number that should be one article's, unless others have it too."""
    return cue[len(VERSION)] == "l"


def is_weak(cue: str) -> bool:
    """Tell whether *cue* is a pair of names, numbers or words: only who has two such in common is worth comparing."""
    return cue[len(VERSION)] == "w"


def nearby(cues: Iterable[str]) -> set[str]:
    """Return *cues* and the same of the periods before and after: what is within the window lies in one of them."""
    found: set[str] = set()
    for cue in cues:
        name, _, period = cue.partition(".")
        found.update((f"{name}.{int(period) + shift}" for shift in (-1, 0, 1)) if period else (cue,))
    return found


def _cue(text: str) -> str:
    kind = _KINDS.get(text.partition(" ")[0], "s")
    return VERSION + kind + urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=6).digest()).decode()


def _of_outlet(item: Item) -> Iterator[str]:
    if name := picture(item):
        yield f"picture {name}"
    for number in link_numbers(item):
        yield f"number {item.outlet} {number}"


def _of_text(wording: Wording) -> Iterator[str]:
    """Yield the headline, and the bands of the MinHash of all that is said."""
    if len(wording.content) >= _LEAST_WORDS:
        yield f"title {' '.join(sorted(wording.content))}"
    parts: list[str] | str = wording.text.replace(" ", "") if wording.is_unspaced else wording.text.split()
    size, glue = (_SIGNS, "") if wording.is_unspaced else (_SHINGLE, " ")
    shingles = {glue.join(parts[i : i + size]) for i in range(len(parts) - size + 1)}
    if len(shingles) < _LEAST_SHINGLES:
        return
    sketch = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
    sketch.update(sorted(shingles))
    rows = sketch.digest()
    for band in range(_BANDS):
        yield f"band {band} {rows[band * _ROWS : (band + 1) * _ROWS]}"


def _of_marks(wording: Wording) -> Iterator[str]:
    """Yield the pairs of the marks that tell most, and of the words: two reports of one event share some."""

    # Those of the headline first; among equals the hash decides, so that two languages choose the same ones.
    def rank(mark: str) -> tuple[float, str]:
        weight = wording.marks[mark] + (1.0 if mark in wording.title_marks else 0.0)
        return -weight, _cue(mark)

    telling = sorted((mark for mark in wording.marks if not mark.startswith(("y:", "c:vn"))), key=rank)
    for a, b in combinations(sorted(telling[:_TELLING_MARKS]), 2):
        firm = not a.startswith("k:") and not b.startswith("k:") and wording.marks[a] + wording.marks[b] >= _FIRM
        yield f"{'anchors' if firm else 'pair'} {a} {b}"
    yield from (f"pair {mark}" for mark in telling if mark.startswith("#:") and wording.marks[mark] >= _EXACT)
    rare = sorted(wording.content, key=lambda word: (-len(word), _cue(word)))[:_TELLING_WORDS]
    yield from (f"words {a} {b}" for a, b in combinations(sorted(rare), 2))
