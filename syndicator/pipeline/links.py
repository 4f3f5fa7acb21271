"""Make the links that only one reader's mail holds: to leave, to confirm."""

from __future__ import annotations

from syndicator.model.edition import Variant
from syndicator.model.mail import Delivery
from syndicator.model.subscriber import Subscriber
from syndicator.pipeline.compose import Personal
from syndicator.pipeline.tokens import CONFIRM, UNSUBSCRIBE, sign


def personal_links(
    variant: Variant, subscriber: Subscriber, delivery: Delivery, *, site_url: str, secret: bytes
) -> Personal:
    """Return the links of *delivery*, the same whenever it is tried.

    The link of a confirmation mail says what the mail asked when it came to be owed, not what is awaited
    by the time it is sent: a stranger may have typed the address since.
    """
    page = f"?lang={delivery.language}"  # a page that people see speaks the mail's language, whatever their browser's
    if variant.list_id:
        leave = f"{site_url}unsubscribe/{sign(UNSUBSCRIBE, subscriber.id, variant.list_id, secret=secret)}"
        return Personal(unsubscribe_url=leave + page, one_click_url=leave)
    wish = delivery.wish.split()
    token = sign(CONFIRM, subscriber.id, *wish, secret=secret, issued_at=delivery.created_at)
    return Personal(confirm_url=f"{site_url}confirm/{token}{page}")
