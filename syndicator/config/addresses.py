"""Read e-mail addresses, in feeds.yaml and as readers type them; the home of email-validator."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from syndicator.config.values import Wrong, line

_MAILBOX = re.compile(r"\s*(?P<name>[^<>]*?)\s*<\s*(?P<address>[^<>]*?)\s*>\s*")


def check_address(text: str) -> str:
    """Return the address in *text* as it goes on the wire, so that its spellings in Unicode and ASCII are one.

    The host is lower-case and in A-labels (RFC 5890, section 2.3.2.1); the part before the @ stays as it was
    typed. Whether a mailbox is there is not asked of the network. Raise `ValueError` with what is wrong.
    """
    try:
        return address(text)
    except Wrong as wrong:
        raise ValueError(wrong.text.replace("{value}", f'"{text.strip()}"') + wrong.hint) from wrong


def address(text: str) -> str:
    """Return the mail address *text* (RFC 5321), its domain in the form that mail servers speak."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        why = str(error).rstrip(".")
        raise Wrong("{value} is no mail address", f": {why[:1].lower()}{why[1:]}") from None
    return found.ascii_email or found.normalized


def mailbox(text: str) -> tuple[str, str]:
    """Return name and address of `Name <address>`; the name may be missing."""
    match = _MAILBOX.fullmatch(text)
    if match is None:
        return "", address(text)
    name = match["name"]
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1]
    return line(name), address(match["address"])
