"""Know encodings: which there are, and by which names documents and feeds.yaml call them."""

from __future__ import annotations

import codecs
import re

# Ours, because Python has no codec for them; `pipeline.legacy_vietnamese` reads them. By their IANA and X11 names,
# those of the fonts (ABC, VNI), and what browsers once called them. A name is compared without its signs.
_VIETNAMESE = {
    alias: name
    for name, aliases in {
        "tcvn3": "tcvn3 tcvn57123 tcvn5712vn3 viettcvn3 abc vn3",
        "tcvn-5712": (
            "tcvn tcvn5712 tcvn57121 tcvn571211993 tcvn5712vn1 tcvn57122 tcvn5712vn2 viettcvn viettcvn5712 vscii vn1"
        ),
        "viscii": "viscii viscii11 viscii111 csviscii vietviscii",
        "vni": "vni vniwin vniwindows vietvni windowsvni",
    }.items()
    for alias in aliases.split()
}
VIETNAMESE = frozenset(_VIETNAMESE.values())

# What is written is more than what is named: Windows' larger sets, as the Encoding Standard of the WHATWG (section
# 4.2) has it.
_LARGER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs",
}  # fmt: skip
# Names that are met and that Python does not know.
_OTHERS = {"x-sjis": "cp932", "windows-31j": "cp932", "x-big5": "big5hkscs", "iso-8859-8-i": "iso8859-8",
           "unicode": "utf-16", "ucs-2": "utf-16", "unicode-1-1-utf-8": "utf-8", "gb_2312-80": "gb18030"}  # fmt: skip
# Codecs that no document is written in: some take quadratic time, some read escapes as letters.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})
_NAME = re.compile(r"[A-Za-z][\w.:+-]{0,39}", re.ASCII)  # Python keeps each name that it was ever asked for


def encoding_name(name: str) -> str:
    """Return the one name under which we know the encoding that is called *name*, or an empty string.

    It is a codec of Python, or one of `VIETNAMESE`.

    >>> encoding_name("ISO-8859-1"), encoding_name("x-viet-tcvn"), encoding_name("TCVN3"), encoding_name("klingon")
    ('cp1252', 'tcvn-5712', 'tcvn3', '')
    """
    if not _NAME.fullmatch(name):
        return ""
    lower = name.lower()
    ours = _VIETNAMESE.get(re.sub(r"[^a-z0-9]", "", lower.removeprefix("x-")))
    if ours:
        return ours
    for spelling in (_OTHERS.get(lower, lower), lower.removeprefix("x-"), lower.replace("windows-", "cp")):
        try:
            codec = codecs.lookup(spelling)
            b"a".decode(codec.name, "replace")  # refuses what is no encoding of text: rot13, zlib
        except (LookupError, ValueError):
            continue
        return "" if codec.name in _NO_CHARSETS else _LARGER.get(codec.name, codec.name)
    return ""


def is_known_encoding(name: str) -> bool:
    """Tell whether documents in the encoding *name* can be read.

    >>> is_known_encoding("VNI"), is_known_encoding("windows-1258"), is_known_encoding("base64")
    (True, True, False)
    """
    return bool(encoding_name(name))
