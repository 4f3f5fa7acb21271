"""Every mistake in feeds.yaml is told in one line: where it stands, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

from syndicator.config.load import load_config
from syndicator.config.mistake import Failure, Mistake
from syndicator.errors import ConfigError
from syndicator.model.tag import Tag

HERE = Path(__file__).parent
GOOD = (HERE / "good.yaml").read_text(encoding="utf-8")


def try_tags(tags: Mapping[str, Tag], changed: Collection[str]) -> Iterator[Failure]:
    """A rule stage that knows of embassies only, and of no pattern."""
    for tag in map(tags.__getitem__, changed):
        for index, sentence in enumerate(tag.must_match):
            if "embassy" not in sentence:
                text = f'"{sentence}" does not match'
                yield Failure(tag=tag.id, key="must_match", index=index, text=text)
        for term in tag.match.any if tag.match else ():
            if isinstance(term, str) and term.startswith("re:"):
                yield Failure(tag=tag.id, key="match", term=term, text=f'"{term}" is no term: we know no patterns')


def mistakes_in(text: str, **env: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(text, env=env, try_tags=try_tags)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_the_good_file_that_the_cases_spoil_has_no_mistake() -> None:
    assert load_config(GOOD, env={}, try_tags=try_tags)


def read_cases() -> Iterator[object]:
    """Read mistakes.txt: in each paragraph what it shows, lines of good.yaml (-) and what stands there instead (+),
    once or several times (or the whole file, where no line is named), and the messages (=)."""
    for paragraph in (HERE / "mistakes.txt").read_text(encoding="utf-8").split("\n\n"):
        title, *lines = paragraph.splitlines()
        slips: list[tuple[str, str]] = []
        for line in lines:
            good, bad = slips.pop() if slips and not (line[0] == "-" and slips[-1][1]) else ("", "")
            if line[0] in "-+":
                slips.append((good + f"{line[2:]}\n", bad) if line[0] == "-" else (good, bad + f"{line[2:]}\n"))
            elif good or bad:
                slips.append((good, bad))
        yield pytest.param(slips, [line[2:] for line in lines if line[0] == "="], id=title[2:])


@pytest.mark.parametrize(("slips", "told"), list(read_cases()))
def test_a_mistake_is_told_in_one_line_and_brings_no_others(slips: list[tuple[str, str]], told: list[str]) -> None:
    text = GOOD
    for good, bad in slips:
        assert not good or text.count(good) == 1
        text = text.replace(good, bad) if good else bad

    found = mistakes_in(text)

    assert found == [f"feeds.yaml:{line}" for line in told]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", "1:1 the file is empty; docs/feeds-yaml.md begins with a small complete one", id="nothing"),
        pytest.param("site:\n\ttitle: x", "2:1 a tab stands here; YAML is indented with spaces only", id="a tab"),
        pytest.param("site: \0", "1:7 the character U+0000 cannot be printed; remove it", id="a NUL"),
        pytest.param(
            "[" * 5000, "1:21 too many levels of brackets or indentation; write it out more simply", id="brackets"
        ),
    ],
)
def test_what_no_list_of_cases_can_show_is_told_too(text: str, line: str) -> None:
    assert mistakes_in(text) == [f"feeds.yaml:{line}"]


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    spoilt = GOOD
    for good, bad in [
        ("language: vi", "language: vn"),
        ("id: post", "id: wire"),
        ("- An embassy opens", "- A fish swims"),
        ("any: [diplomacy]", "any: [diplomcy]"),
        ("at: 07:00", "at: 7am"),
        ("connections: 4", "conections: 4"),
    ]:
        spoilt = spoilt.replace(good, bad)

    paths = [line.split()[1] for line in mistakes_in(spoilt)]

    assert paths == [
        "sources[0].language:",
        "sources[1].id:",
        "tags.diplomacy.must_match[0]:",
        "feeds.foreign-affairs.select.tags.any[0]:",
        "newsletters.weekly.schedule.at:",
        "mail.conections:",
    ]


def test_a_mistake_carries_its_place() -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(GOOD.replace("language: vi", "language: vn"), name="etc/news.yaml", env={})

    assert caught.value.mistakes == (
        Mistake(
            file="etc/news.yaml",
            line=11,
            column=15,
            path="sources[0].language",
            text='"vn" is no BCP 47 language tag; did you mean "vi"?',
        ),
    )


def test_every_repeated_key_is_told_wherever_it_stands() -> None:
    text = GOOD.replace("    weight: 1.5\n", "    weight: 1.5\n    id: a\n    weight: 2\n    weight: 3\n")

    assert [line.split(" (")[0] for line in mistakes_in(text)] == [
        "feeds.yaml:21:5 sources[1].id: this key stands here a second time",
        "feeds.yaml:22:5 sources[1].weight: this key stands here a second time",
        "feeds.yaml:23:5 sources[1].weight: this key stands here a second time",
    ]


def test_a_mistake_in_an_anchor_is_told_once_at_the_anchor() -> None:
    text = GOOD.replace("    rights: {show: excerpt,", "    rights: &rights {show: al,").replace(
        "    weight: 1.5\n", "    weight: 1.5\n    rights: *rights\n"
    )

    assert mistakes_in(text) == ['feeds.yaml:14:28 sources[0].rights.show: "al" is none of title, excerpt, full']


def test_an_anchor_that_holds_itself_is_told() -> None:
    assert "feeds.yaml:21:6 tags.a.b: this anchor holds an alias of itself; write it out" in mistakes_in(
        GOOD.replace("tags:\n", "tags:\n  a: &a {b: *a}\n").replace("    weight: 1.5\n", "")
    )


def test_aliases_of_aliases_cannot_fill_the_memory() -> None:
    laughs = "x-a: &a [ha]\n" + "".join(
        f"x-{new}: &{new} [{', '.join(['*' + old] * 10)}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    )

    found = mistakes_in(laughs + "site: *j\nsources: []\n")

    assert any("too many aliases" in line for line in found)


class TestSecrets:
    """What the environment holds never stands in a message."""

    @pytest.mark.parametrize(
        ("good", "bad"),
        [
            ("${SMTP_URL:-}", "${HUSH}"),
            ("url: https://wire.example/rss", "url: ${HUSH}"),
            ("url: https://wire.example/rss", "url: https://wire.example/rss ${HUSH}"),
            ("language: vi", "language: ${HUSH}"),
            ("every: 30m", "every: ${HUSH}"),
            ("id: post", "id: ${HUSH}"),
            ("show: excerpt", "show: ${HUSH}"),
            ("words: 60", "words: ${HUSH}"),
            ("weight: 1.5", "weight: ${HUSH}"),
            ("weight: 1.5", "enabled: ${HUSH}"),
            ("tags: [vietnam]", "tags: [${HUSH}]"),
            ("tags: [vietnam]", "tags: ${HUSH}"),
            ("rights: {show: excerpt, words: 60, images: link}", "rights: ${HUSH}"),
            ("timezone: Asia/Ho_Chi_Minh, encoding: utf-8", "timezone: ${HUSH}"),
            ("encoding: utf-8", "encoding: ${HUSH}"),
            ("in: [title]", "in: [${HUSH}]"),
            ("mediatopic: 20000639", "mediatopic: ${HUSH}"),
            ("- An embassy opens", "- ${HUSH}"),
            ("on: monday", "on: ${HUSH}"),
            ("at: 07:00", "at: ${HUSH}"),
            ("reply_to: desk@news.example", "reply_to: ${HUSH}"),
            ("from: City Desk <desk@news.example>", "from: ${HUSH} <desk>"),
            ("from: City Desk <desk@news.example>", "from: ${HUSH}"),
            ("connections: 4", "connections: ${HUSH}"),
            ("mail:\n", "store: postgresql://u:${HUSH}@h/db\nmail:\n"),
        ],
    )
    @pytest.mark.parametrize("secret", ["Tr0ub4dor zebra", "ß\x07Tr0ub4dor zebra", "@Tr0ub4dor zebra"])
    def test_a_message_shows_the_variable_and_not_its_value(self, good: str, bad: str, secret: str) -> None:
        assert good in GOOD

        found = "\n".join(mistakes_in(GOOD.replace(good, bad, 1), HUSH=secret))

        assert "Tr0ub4dor" not in found
        assert "zebra" not in found
