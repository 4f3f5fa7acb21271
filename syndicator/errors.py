"""Every error that syndicator raises on purpose.

    SyndicatorError
    ├── ConfigError          feeds.yaml has mistakes; carries all of them
    ├── UnknownVocabulary    no vocabulary of that name ships with the package
    ├── StoreError           the store cannot do what it was asked
    │   ├── StoreFull        no room left on the disk; nothing acknowledged is lost
    │   └── StoreDamaged     the file is not a store of ours, or is broken
    ├── PublishError         the site's folder cannot be written
    ├── TemplateError        a template is missing or wrong; names template and line
    ├── MailError            the mail server cannot be used at all (login, TLS, address)
    └── TokenError           a link from a mail was forged, cut short, or has expired

What a caller can plan for is no error but a value: see `model.source.Fetched` and
`model.mail.Receipt`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class SyndicatorError(Exception):
    """The root: catch this at the door, show its text to a person, exit with `exit_code`."""

    exit_code = 1


class Mistake(Protocol):
    """One thing wrong in feeds.yaml; `str()` gives the line that a person reads."""

    def __str__(self) -> str: ...


class ConfigError(SyndicatorError):
    """feeds.yaml cannot be used; *mistakes* are all that were found, in the order of the file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


class UnknownVocabulary(SyndicatorError):
    """No vocabulary of the name *name* ships with the package; *known* are those that do."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no vocabulary {name}; there is {', '.join(known) or 'none'}")
        self.known = tuple(known)


class StoreError(SyndicatorError):
    """The store cannot do what it was asked; the text names the file and the remedy."""


class StoreFull(StoreError):
    """No room left on the disk. What was acknowledged before is safe; the batch at hand is not kept."""


class StoreDamaged(StoreError):
    """The file is not a store of ours, or its content is broken."""


class PublishError(SyndicatorError):
    """A file of the site cannot be written; the text names the path and the cause."""


class TemplateError(SyndicatorError):
    """A template is missing, wrong, or names what it was not given."""


class MailError(SyndicatorError):
    """The mail server cannot be used at all: no reader is to blame, and no delivery is marked."""


class TokenError(SyndicatorError):
    """A link is forged, cut short, or has expired; *expired* tells the last from the others."""

    def __init__(self, text: str, *, expired: bool = False) -> None:
        super().__init__(text)
        self.expired = expired
