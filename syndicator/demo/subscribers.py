"""Own the demo's readers: invented people, with their languages, time zones, topics and consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicator.model.subscriber import Consent, Subscriber, Subscription

_CONFIRMED_BEFORE = timedelta(days=30)
_ASKED_BEFORE = timedelta(days=30, minutes=20)
_LEFT_BEFORE = timedelta(days=3)
_PENDING_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Reader:
    id: str
    local_part: str
    name: str
    languages: tuple[str, ...]
    timezone: str
    newsletter: str
    topics: tuple[str, ...] = ()
    confirmed: bool = True
    left: bool = False


_READERS = (
    _Reader("r01f9c3b7", "huong", "Hương", ("vi", "en"), "Asia/Ho_Chi_Minh", "daily"),
    _Reader("r0a52e6d1", "minh.khoi", "Minh Khôi", ("vi",), "Asia/Ho_Chi_Minh", "weekly", ("economic-diplomacy",)),
    _Reader("r1b8834fe", "astrid", "Astrid", ("en",), "Europe/Oslo", "weekly"),
    _Reader(
        "r2c07d95a", "keiko", "恵子", ("ja", "en"), "Asia/Tokyo", "weekly", ("sister-cities", "cultural-diplomacy")
    ),
    _Reader("r3d6e10b8", "jisoo", "지수", ("ko", "vi"), "Asia/Seoul", "daily", ("economic-diplomacy", "consular")),
    _Reader("r4e91f27c", "wenling", "文玲", ("zh-Hans", "vi"), "Asia/Shanghai", "daily"),
    _Reader("r5fa3b840", "camille", "Camille", ("fr", "en"), "Europe/Paris", "weekly", ("cultural-diplomacy",)),
    _Reader("r60cd5e93", "daria", "Дарья", ("ru", "en"), "Asia/Vladivostok", "daily"),
    _Reader("r7148a2f6", "lan.anh", "Lan Anh", ("vi", "en"), "America/Los_Angeles", "weekly", ("overseas-vietnamese",)),
    _Reader("r825b97ed", "tomas", "Tomás", ("en", "fr"), "America/Sao_Paulo", "daily", ("tourism-events",)),
    _Reader("r93e604ac", "aroha", "Aroha", ("en",), "Pacific/Auckland", "daily", confirmed=False),
    _Reader("ra47f1b35", "quang", "Quang", ("vi",), "Australia/Sydney", "weekly", left=True),
)


def demo_subscribers(now: datetime) -> list[Subscriber]:
    """Return the twelve readers. All but one confirmed thirty days before *now*, and one has left since:
    those two are owed nothing."""
    return [_subscriber(reader, now) for reader in _READERS]


def _subscriber(reader: _Reader, now: datetime) -> Subscriber:
    confirmed_at = now - _CONFIRMED_BEFORE if reader.confirmed else None
    ended_at = now - _LEFT_BEFORE if reader.left else None
    steps = [("asked", "sign-up form", now - (_ASKED_BEFORE if confirmed_at else _PENDING_FOR))]
    if confirmed_at:
        steps.append(("confirmed", "link in mail", confirmed_at))
    if ended_at:
        steps.append(("ended", "link in mail", ended_at))
    return Subscriber(
        id=reader.id,
        email=f"{reader.local_part}@reader.example",
        name=reader.name,
        languages=reader.languages,
        timezone=reader.timezone,
        subscriptions=(
            Subscription(
                newsletter=reader.newsletter, topics=reader.topics, confirmed_at=confirmed_at, ended_at=ended_at
            ),
        ),
        ledger=tuple(Consent(at=at, what=what, how=how, newsletter=reader.newsletter) for what, how, at in steps),
    )
