"""Read the encodings in which Vietnamese was written before Unicode: TCVN3 (ABC), TCVN 5712, VISCII and VNI."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping

# A guess is named from the one, and followed from the other number of words on.
NAMED, PLAIN = 6, 25
_SAMPLE = 40_000  # bytes that a guess looks at

# RFC 1456, section 2: the bytes from 0x80 on, and six of the control characters.
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

# TCVN 5712:1993. From 0xA0 on its sets agree (0xB0 to 0xB4 are the tones alone). Below, VN1 and VN2 have the capital
# letters with tones; VN3 has none, as its fonts show small letters as capitals, and leaves room for the quotation
# marks of Windows.
_TCVN_CAPITALS = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ"
    "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
)  # fmt: skip
_TCVN = (
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN_CONTROLS = {
    0x01: "Ú", 0x02: "Ụ", 0x04: "Ừ", 0x05: "Ử", 0x06: "Ữ",
    0x11: "Ứ", 0x12: "Ự", 0x13: "Ỳ", 0x14: "Ỷ", 0x15: "Ỹ", 0x16: "Ý", 0x17: "Ỵ",
}  # fmt: skip

# VNI for Windows writes a letter and then a letter of windows-1252 that stands for its tone, its hat, or both.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_MARKS |= {mark.upper(): signs for mark, signs in _VNI_MARKS.items()}
_VNI_LETTERS = str.maketrans("ñôöíìæóòîÑÔÖÍÌÆÓÒÎ", "đơưíìỉĩịỵĐƠƯÍÌỈĨỊỴ")
# No letter but a has a breve, and of the others only e and o have a hat.
_VNI_MARK = re.compile(
    r"(?:(?<=a)|(?<=[eo])(?![êéèúüë])|(?<=[uyôö])(?![êéèúüëâáàåãä]))[ùøûõïâáàåãäêéèúüë]", re.IGNORECASE
)


def _table(lower: str, upper: str, controls: Mapping[int, str]) -> str:
    """Return the 256 letters of an encoding: ASCII but *controls*, *lower* from 0x80 on, *upper* up to 0xFF."""
    return "".join(controls.get(code, chr(code)) for code in range(128)) + lower + upper


_WINDOWS = bytes(range(128, 160)).decode("cp1252", errors="replace")
_TABLES = {
    "viscii": _table("", _VISCII, _VISCII_CONTROLS),
    "tcvn-5712": _table(_TCVN_CAPITALS, _TCVN, _TCVN_CONTROLS),
    "tcvn3": _table(_WINDOWS, _TCVN, {}),
}


def read_vietnamese(content: bytes, name: str) -> str:
    """Return the text of *content*, in NFC; *name* is one of `model.encodings.VIETNAMESE`.

    >>> read_vietnamese(b"Ti\\xd5ng Vi\\xd6t", "tcvn3"), read_vietnamese(b"Tie\\xe1ng Vie\\xe4t", "vni")
    ('Tiếng Việt', 'Tiếng Việt')
    """
    if name == "vni":
        text = content.decode("cp1252", errors="replace")
        # Marks first: none of the signs that they become is a letter of the other table.
        text = _VNI_MARK.sub(lambda mark: _VNI_MARKS[mark[0]], text).translate(_VNI_LETTERS)
    else:
        text = codecs.charmap_decode(content, "strict", _TABLES[name])[0]
    return unicodedata.normalize("NFC", text)


# A syllable: an onset, one to three vowels, a coda; the tone was taken away before. More than there are, but no word
# of another language that was read by the wrong table.
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh?|gi|kh|ph|qu|th|tr|ch|[bcdđhklmnprstvx])?"
    r"(?:i[êề]u|yêu|ươ[iu]?|uô[iu]?|uy[êa]?|uâ[y]?|uê|uơ|oa[ioyu]?|oă|oe[o]?|oo|iê|yê|[iyuư]a"
    r"|[aâ][yu]|a[io]|eo|êu|iu|[oôơuư]i|ưu|[aăâeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")
_MARKED = re.compile(r"[^\W\d_]*[^\W\d_a-zA-Z][^\W\d_]*")


def guess_vietnamese(content: bytes) -> tuple[str, bool]:
    """Return the encoding by which the words of *content* become Vietnamese, and whether that is plain.

    It is empty if none does. *content* is not UTF-8.
    """
    head = content[:_SAMPLE]
    texts = {name: read_vietnamese(head, name) for name in ("tcvn3", "viscii", "vni")}
    texts["cp1258"] = unicodedata.normalize("NFC", head.decode("cp1258", errors="replace"))
    ranked = sorted(((*_vietnamese_words(text), name) for name, text in texts.items()), reverse=True)
    (share, words, name), (second, *_) = ranked[:2]
    if share < 0.9 or words < NAMED or second > 0.8 * share:
        return "", False
    return name, words >= PLAIN and share >= 0.96


def _vietnamese_words(text: str) -> tuple[float, int]:
    """Return which share of the words of *text* that have marks are Vietnamese, and how many those are."""
    words = {word for word in _MARKED.findall(text) if len(word) > 1}
    good = sum(_is_syllable(word) for word in words)
    return (good / len(words) if words else 0.0), good


def _is_syllable(word: str) -> bool:
    # A capital letter inside a small word comes from the wrong table.
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word.lower()).translate(_TONES))
    return _SYLLABLE.fullmatch(plain) is not None
