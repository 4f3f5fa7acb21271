"""The bundled newsroom: real web servers and a real mail server on loopback, with news written for it."""

from syndicator.demo.newsroom import DemoNewsroom, demo_config
from syndicator.demo.subscribers import demo_subscribers

__all__ = ["DemoNewsroom", "demo_config", "demo_subscribers"]
