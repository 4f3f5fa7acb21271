"""Lay out a thousand feeds, serve them by nginx on loopback, and count what is asked of it."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ENTRIES = 50
_TEXT = (
    "thành phố Hồ Chí Minh đón đoàn khách quốc tế tới thăm và làm việc với lãnh đạo thành phố về hợp tác kinh tế đầu tư"
    " văn hóa giáo dục cảng biển du lịch hội nghị ký kết bản ghi nhớ doanh nghiệp kiều bào"
)
_SLUGS = ("dai-hoi", "le-ky-ket", "khanh-thanh", "khai-mac", "tiep-doan", "hop-bao")
_CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/access.log; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  types {{ application/rss+xml xml; }}
  server {{ listen 127.0.0.1:{port}; root {folder}/feeds; etag on; keepalive_requests 100000; }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A web server with feeds; *urls* are theirs."""

    folder: Path
    urls: tuple[str, ...]

    def write(self, *, first: int = 0) -> None:
        """Write the feeds, each from its entry number *first* on: -1 puts a new one on top, and takes off the last."""
        for number in range(len(self.urls)):
            (self.folder / "feeds" / f"{number}.xml").write_bytes(a_feed(number, first=first))

    def answered(self) -> Counter[int]:
        """Return how many answers of each status the server gave since the last call."""
        log = self.folder / "access.log"
        time.sleep(0.05)  # nginx writes a line after its answer
        statuses = Counter(int(line.split('" ')[1].split()[0]) for line in log.read_text().splitlines())
        log.write_text("")
        return statuses


@contextmanager
def served(folder: Path, feeds: int) -> Iterator[Site]:
    """Yield *feeds* feeds of 50 entries, about 40 kB each, served by an nginx of our own; it ends with the block."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists():
        raise SystemExit("this measurement needs nginx: install it (Debian: apt-get install nginx-light)")
    (folder / "feeds").mkdir(parents=True)
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "nginx.conf").write_text(_CONFIGURATION.format(folder=folder, port=port) + _user(folder))
    (folder / "access.log").touch()
    site = Site(folder=folder, urls=tuple(f"http://127.0.0.1:{port}/{number}.xml" for number in range(feeds)))
    server = subprocess.Popen(
        [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    )
    try:
        _wait(port, server)
        yield site
    finally:
        server.terminate()
        server.wait()


def a_feed(number: int, *, first: int = 0) -> bytes:
    """Return a feed in the manner of a Vietnamese newspaper: 50 entries in 40 kB, a picture and markup in each.

    An entry is the same whatever the number of the *first* one in its document.
    """
    known, chance = _TEXT.split(), random.Random()

    def words(count: int) -> str:
        return " ".join(chance.choices(known, k=count))

    def item(at: int) -> str:
        chance.seed(1_000 * number + at + 1)
        link = f"{host}/tin/{chance.choice(_SLUGS)}-{at}.html"
        picture = f"<a href='{link}'><img src='{host}/anh/{number}/{at}.jpg'/></a></br>"
        return (
            f"<item><title>{words(12)}</title><link>{link}?utm_source=rss</link>"
            f'<guid isPermaLink="false">{number}-{at}</guid>'
            f"<pubDate>Tue, 14 Jul 2026 {at % 24:02}:{at % 60:02}:00 +0700</pubDate><category>{words(2)}</category>"
            f"<description><![CDATA[{picture}{words(40)} <b>{words(4)}</b> {words(16)}]]></description></item>"
        )

    host = f"https://bao{number}.example"
    items = "".join(map(item, range(first, first + ENTRIES)))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Báo {number}</title>'
        f"<link>{host}/</link><language>vi</language>{items}</channel></rss>"
    ).encode()


def _user(folder: Path) -> str:
    # As root, nginx would read the files as another user, who may not enter the folder.
    return "user root;\n" if folder.owner() == "root" else ""


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit("nginx did not start; its error.log says why")
