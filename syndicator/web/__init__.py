"""The site over HTTP: the published files, and the doors by which readers come and go."""

from __future__ import annotations

from syndicator.web.app import create_app
from syndicator.web.pages import WebSettings

__all__ = ["WebSettings", "create_app"]
