"""Put what rules decided into English, as the command line, the log and the messages of `check` say it."""

from __future__ import annotations

from collections.abc import Iterable

from syndicator.model.entry import Objection, Reason, Verdict


def reason_text(reason: Reason) -> str:
    """Return where and by what words a tag was earned.

    >>> reason_text(Reason(field="title", term="consulate", words="Consulates", start=4))
    '“Consulates” in the title at 4, by the term “consulate”'
    """
    match reason.field:
        case "source":
            return f"the source {reason.term} brings it"
        case "tag":
            return f"{reason.term} brings it, which is below it"
        case _:
            words = f"“{reason.words}” in the {reason.field} at {reason.start}"
            as_written = reason.words.casefold() == reason.term.casefold()
            return words if as_written else f"{words}, by the term “{reason.term}”"


def objection_text(objection: Objection) -> str:
    """Return what kept a tag from being given.

    >>> objection_text(Objection(kind="at_least", found=1, wanted=2, missing=("envoy", "treaty")))
    'only 1 of the 2 that must be met; not met: “envoy”, “treaty”'
    """
    match objection.kind:
        case "none" if objection.reason:
            return f"held back by {reason_text(objection.reason)}"
        case "all":
            return f"{_quoted(objection.missing)} must be there too"
        case "requires":
            return f"it needs the tag {_quoted(objection.missing)} too"
        case "near" if objection.found:
            return f"{objection.found:g} words from first to last, and no more than {objection.wanted:g} may be"
        case "near":
            return f"{_quoted(objection.missing)} must be near"
        case "at_least":
            absent = f"; not met: {_quoted(objection.missing)}" if objection.missing else ""
            return f"only {objection.found:g} of the {objection.wanted:g} that must be met{absent}"
        case "score":
            return f"the weights come to {objection.found:g}, and {objection.wanted:g} are needed"
        case _:
            return f"none of {_quoted(objection.missing)} is met"


def verdict_text(verdict: Verdict) -> str:
    """Return why the tag was given or not, in a line."""
    return "; ".join(
        [objection_text(each) for each in verdict.objections] if not verdict.given else _reasons(verdict.reasons)
    )


def _reasons(reasons: Iterable[Reason]) -> list[str]:
    return [reason_text(reason) for reason in reasons]


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)
