"""Give every room the same log: one event with fields, for a person or as JSON."""

from __future__ import annotations

import sys
from typing import Any, Literal

import structlog


def get_logger() -> Any:
    """Return the logger; `log.info("fetched", source="vna", status=304)`."""
    return structlog.get_logger()


def configure(*, json: bool = False, level: Literal["debug", "info", "warning"] = "warning") -> None:
    """Send log lines of *level* and above to standard error: plain text, or one JSON object a line."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), pad_event_to=20, exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # The stream is looked up at each call, so that a test or a service manager may redirect it.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
