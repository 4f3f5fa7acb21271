"""Name the faults of the sample feeds: each is one that honest newspapers' feeds have."""

from __future__ import annotations

from collections.abc import Mapping

FAULTS: Mapping[str, str] = {
    "ben-nghe-the-thao": "One entry's link is `javascript:void(0)`; the address once was that of the world desk, and "
    "now tells of sports.",
    "cong-thong-tin": "The feed's address answers 200 with an HTML page, which names another feed.",
    "dau-tu-tan-cang": "Summaries open with the dateline `(ĐTTCO)-`; dates are D/M/Y and name no time zone.",
    "dong-khoi-wire": "The document is UTF-16 without a byte order mark.",
    "du-lich-can-gio": "The server takes its time to answer.",
    "nha-be-net": "No entry has a guid; one leaves `<br>` unclosed, so that the XML is not well-formed; two titles "
    "have no accents; the header says ISO-8859-1, though the bytes are UTF-8.",
    "norland-consulate": "The feed has moved: 301.",
    "saigon-courier": "Dates end in `GMT+7`.",
    "saigon-living": "Titles are escaped twice.",
    "song-sai-gon": "The document is windows-1258, which writes tones as combining characters.",
    "tap-chi-hop-tac": "The feed is gone: 404.",
    "tin-ben-thanh-quoc-te": "Guids are numbered anew when the outlet's software changes, and differ from those "
    "that the same articles have in the outlet's other feed.",
    "tribune-du-mekong": "The feed is served as `text/html`.",
}
"""What is wrong with each sample feed, by its id. A feed that is not named here has no fault."""
