"""Measure how fast items get their tags, beside an alternation of `re` over the same terms."""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Sequence
from statistics import median
from typing import TypeVar

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from measure import show, turns

from syndicator.model.entry import Entry
from syndicator.model.language import Localized
from syndicator.model.tag import Match, Tag
from syndicator.pipeline.fields import page_of
from syndicator.pipeline.rulebook import terms_of
from syndicator.pipeline.rules import Rules, compile_rules, tag_entry
from syndicator.pipeline.text import normal_form

Thing = TypeVar("Thing")

TERMS = 5000
TERMS_A_TAG = 50
ITEMS = 2000
SLOW_ITEMS = 20  # the alternation takes milliseconds an item
TITLE_WORDS, SUMMARY_WORDS = 15, 65
TIMES = 15
ENGLISH_WORDS = 12_000
FREQUENT = 1000  # words that are no terms by themselves, as "year" and "people" are none

ONSETS = [
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gi",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
]
STARTS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
]
ENDS = ["", "", "ck", "d", "l", "ll", "m", "n", "nd", "nt", "r", "rd", "s", "st", "t", "x"]
# fmt: off
RHYMES = [
    "a", "á", "à", "ả", "ã", "ạ", "an", "ang", "anh", "ao", "ăn", "ắng", "âm", "ấp", "ân", "ầu", "e", "én", "ê", "ết",
    "ếch", "i", "in", "ình", "o", "ó", "ong", "ô", "ôn", "ống", "ơ", "ơi", "ới", "u", "úc", "ung", "ư", "ưng", "ước",
    "ươn", "ường", "uyên", "uyết", "oa", "oà", "oán", "uy", "uý", "iêm", "iến", "iều", "ai", "ái", "ay", "ây", "ấy",
]
# fmt: on


def vietnamese(chance: random.Random) -> list[str]:
    """Return a vocabulary of Vietnamese syllables, the frequent ones first."""
    made = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
    chance.shuffle(made)
    return made


def english(chance: random.Random) -> list[str]:
    """Return a vocabulary in the manner of English, the frequent words first and the short ones among them."""
    found: dict[str, None] = {}
    while len(found) < ENGLISH_WORDS:
        size = 1 if len(found) < FREQUENT // 4 else chance.choice([1, 2, 2, 3])
        syllables = ((chance.choice(STARTS), chance.choice("aeiou"), chance.choice(ENDS)) for _ in range(size))
        found["".join(map("".join, syllables))] = None
    return list(found)


def phrases(words: Sequence[str], count: int, sizes: Sequence[int], chance: random.Random) -> list[str]:
    """Return *count* different phrases of *words*, but of no frequent one by itself."""
    found: dict[str, None] = {}
    while len(found) < count:
        size = chance.choice(sizes)
        found[" ".join(chance.choices(words if size > 1 else words[FREQUENT:], k=size))] = None
    return list(found)


def texts(words: Sequence[str], terms: Sequence[str], chance: random.Random) -> tuple[str, str]:
    """Return a title and a summary: words as frequent as in a language (Zipf), and among them five terms."""
    weights = [1 / (rank + 3) for rank in range(len(words))]
    count = TITLE_WORDS + SUMMARY_WORDS
    running = chance.choices(words, weights, k=count)
    for term in chance.sample(terms, 5):
        spelled = term.split(" ")
        at = chance.randrange(count - len(spelled))
        running[at : at + len(spelled)] = spelled
    for at in range(9, count, 10):
        running[at] += chance.choice([",", ".", ".", ":"])
    title, summary = " ".join(running[:TITLE_WORDS]), " ".join(running[TITLE_WORDS:])
    return title.capitalize(), summary.capitalize()


def newsroom() -> tuple[Rules, list[str], list[Entry]]:
    """Return rules of `TERMS` terms in tags of `TERMS_A_TAG`, the terms, and `ITEMS` entries, half in each language."""
    chance = random.Random(20260714)
    spoken = {"vi": vietnamese(chance), "en": english(chance)}
    terms = {
        "vi": phrases(spoken["vi"], TERMS // 2, [2, 2, 3, 3, 4, 5], chance),
        "en": phrases(spoken["en"], TERMS // 2, [1, 2, 2, 3], chance),
    }
    every = [term for pair in zip(terms["vi"], terms["en"], strict=True) for term in pair]
    tags = {
        f"t{at}": Tag(id=f"t{at}", label=Localized(), match=Match(any=tuple(every[at : at + TERMS_A_TAG])))
        for at in range(0, TERMS, TERMS_A_TAG)
    }
    entries = []
    for number in range(ITEMS):
        language = ("vi", "en")[number % 2]
        title, summary = texts(spoken[language], terms[language], chance)
        entries.append(Entry(source="s", title=title, summary=summary, language=language))
    return compile_rules(tags), sorted(term for tag in tags.values() for term in terms_of(tag.match)), entries


def alternation(terms: Sequence[str]) -> Callable[[str], list[str]]:
    """Return what finds *terms* in a folded text in the way that first comes to mind."""
    folded = sorted((normal_form(term).text for term in terms), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, folded))})\b").findall


def each(things: Sequence[Thing], do: Callable[[Thing], object]) -> None:
    """Do it to each of *things*, and keep nothing of it."""
    for thing in things:
        do(thing)


def main() -> None:
    """Print what an item takes, and how many go into a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help="repetitions")
    times = parser.parse_args().times
    rules, terms, entries = newsroom()
    find_slowly = alternation(terms)
    folded = [normal_form(f"{entry.title} \x00 {entry.summary}").text for entry in entries[:SLOW_ITEMS]]
    hits = sum(len(rules.terms.find(page_of(entry, rules.fields))) for entry in entries) / ITEMS
    tags = sum(len(tag_entry(entry, rules)) for entry in entries) / ITEMS
    automaton = AhoCorasick(terms, MatchKind.Standard, False, Implementation.ContiguousNFA)
    spoken = [f"{entry.title} {entry.summary}" for entry in entries]
    taken = turns(
        lambda _turn: each(spoken, lambda text: automaton.find_matches_as_indexes(text.casefold(), overlapping=True)),
        lambda _turn: each(entries, lambda entry: rules.terms.find(page_of(entry, rules.fields))),
        lambda _turn: each(entries, lambda entry: tag_entry(entry, rules)),
        lambda _turn: each(folded, find_slowly),
        times=times,
    )
    items = [ITEMS, ITEMS, ITEMS, SLOW_ITEMS]
    usual = [median(seconds) / count for seconds, count in zip(taken, items, strict=True)]
    # Where others have a share in the machine, the quickest turn tells what the work itself takes.
    best = [min(seconds) / count for seconds, count in zip(taken, items, strict=True)]
    names = [
        "case folded, an automaton of the bare terms",
        "one pass for all terms, spellings too",
        "tag_entry: that pass, judging, reasons",
        "re alternation",
    ]
    rows = [
        (name, f"{taking * 1e6:,.1f} µs", f"{1 / taking:,.0f}", f"{taking / usual[1]:,.1f}", f"{1 / least:,.0f}")
        for name, taking, least in zip(names, usual, best, strict=True)
    ]
    size = f"{TERMS:,} phrases, {TITLE_WORDS + SUMMARY_WORDS} words an item"
    show(
        f"Rules: {size}, {hits:.1f} terms met and {tags:.1f} tags given (medians, one core)",
        ("", "an item", "items/s", "times", "at best"),
        rows,
    )


if __name__ == "__main__":
    main()
