"""Count what a refresh brought."""

from __future__ import annotations

from dataclasses import dataclass, field

from syndicator.jobs.reading import Harvest
from syndicator.model.source import Blocked, Failed, Gone, NotModified


@dataclass(slots=True, kw_only=True)
class RefreshReport:
    """What a refresh brought. *failed* and *troubled* are (source id, why) in the order of the answers.

    Of the *unchanged*, *not_modified* answered 304. *new* and *changed* count entries; of these *kept* are taken by
    a feed and *rejected* by none. *waiting* sources were not due; another process was asking those *elsewhere*. It was
    *offline* when no server at all was reached: then nothing is counted against any source. Of *examined* sources it
    was found that something is wrong that was not before, or is wrong no more.
    """

    asked: int = 0
    changed_sources: int = 0
    unchanged: int = 0
    not_modified: int = 0
    waiting: int = 0
    elsewhere: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    troubled: list[tuple[str, str]] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    kept: int = 0
    rejected: int = 0
    offline: bool = False
    examined: int = 0

    def add(self, harvest: Harvest) -> str:
        """Count one answer and return what came of it, in words."""
        state = harvest.state
        self.asked += 1
        self.examined += harvest.examined
        if isinstance(harvest.answer, (Gone, Blocked, Failed)) or state.failures:
            why = state.outcome if state.failures else getattr(harvest.answer, "why", "")
            why += f"; the page names {state.suggested}, which is one" if state.suggested else ""
            self.failed.append((state.id, why))
            return why
        self.troubled += [(state.id, f"{each.text}; {each.remedy}") for each in state.findings]
        told = [*harvest.new, *harvest.edited]
        self.new += len(harvest.new)
        self.changed += len(harvest.edited)
        self.kept += sum(not item.rejected for item in told)
        self.rejected += sum(bool(item.rejected) for item in told)
        # The same bytes may bring something when they are read again: what was held back till now.
        if state.outcome == "unchanged" and not told:
            by_304 = isinstance(harvest.answer, NotModified)
            self.unchanged += 1
            self.not_modified += by_304
            return "unchanged (304)" if by_304 else "unchanged"
        self.changed_sources += 1
        return f"{len(harvest.new)} new, {len(harvest.edited)} changed"
