"""Read a city's feeds, tag and group them, republish them, and mail digests of them."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("syndicator")
except PackageNotFoundError:  # run from a folder that was never installed
    __version__ = "0.0.0"
