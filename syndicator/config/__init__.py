"""Read feeds.yaml, the one file that admins edit: a `Config`, or every mistake with its place."""

from __future__ import annotations

from syndicator.config.load import load_config
from syndicator.config.mistake import Failure, Mistake
from syndicator.config.model import Config
from syndicator.config.schema import json_schema
from syndicator.errors import ConfigError

__all__ = ["Config", "ConfigError", "Failure", "Mistake", "json_schema", "load_config"]
