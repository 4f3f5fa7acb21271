"""What feeds.yaml says, once it has been read and found right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from syndicator.model.edition import Newsletter
from syndicator.model.mail import MailSettings
from syndicator.model.site import Site
from syndicator.model.source import Source
from syndicator.model.story import Feed
from syndicator.model.tag import Tag, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole newsroom. Mappings are by id, in the order of the file.

    *store*, *public* and *templates* are paths as written, relative to the folder of feeds.yaml
    (*templates* is empty when the site has no templates of its own). *keep_rejected* and
    *keep_items* say how long entries stay in the store. *secret* signs the links in mails; empty:
    the store makes its own. *use* are the vocabularies whose tags are among *tags*, and
    whose lists are among *words*, which the rules of the tags hold already. *same* and
    *not_same* are groups of articles, by address, of which an admin says that they tell of one
    event, or of different ones. *text* is the file itself, its variables not filled.
    """

    site: Site
    sources: Mapping[str, Source]
    tags: Mapping[str, Tag]
    feeds: Mapping[str, Feed]
    newsletters: Mapping[str, Newsletter]
    mail: MailSettings
    store: str = "data/"
    public: str = "public/"
    templates: str = ""
    keep_rejected: timedelta = timedelta(days=30)
    keep_items: timedelta = timedelta(days=365)
    secret: str = ""
    use: tuple[str, ...] = ()
    words: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    same: tuple[tuple[str, ...], ...] = ()
    not_same: tuple[tuple[str, ...], ...] = ()
    text: str = field(default="", compare=False)  # two files that say the same are the same newsroom
