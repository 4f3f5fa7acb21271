"""Take agencies' and papers' marks from the beginning of a summary; this is the one list of them."""

from __future__ import annotations

import re

# Marks are compared with their case: `AP` is an agency and `ap` is none. These are no words, and open a summary with
# a dash as well as in brackets.
_MARKS = (
    # Vietnam's agency, and its sites.
    r"TTXVN(?:/(?:Vietnam\+|VietnamPlus|Báo Tin [Tt]ức|Tin tức))?|VNA|VNS|VOVWORLD|VietnamPlus|Vietnam\+|Bnews|BNEWS",
    # Its papers and broadcasters, as they sign.
    r"ANTĐ|ANTD(?:\.VN)?|BĐT|BVPL|CAND|CATP|CLO|DNSG|ĐBND|ĐCSVN|ĐĐK|ĐSPL|ĐTCK|ĐTTCO|GD&TĐ|HNMO?|HQ Online|LĐO?|LĐTĐ",
    r"KTSG(?: Online)?|KTĐT|NB&CL|NĐT|NDĐT|NLĐO?|NTNN|PLO|PLVN|PNO|QĐND(?: Online)?|SGGP(?:O| Online)?|SHTT|SKĐS",
    r"TBTCO?|TBKTSG(?: Online)?|TCTC|TG&VN|TGVN|TN&MT|TNO|TPO|TTO|TTVH|VGP|VHO|VTC(?: News|News)?|VOH",
    r"VOV[1-5]?|VOV\.(?:VN|vn)|VTV(?:\.vn|News|[1-9])?|Báo Quốc tế|Chinhphu\.vn|Dân trí|Dân Việt|Infonet|Kinhtedothi",
    r"Tuổi Trẻ Online|VietNamNet|VietnamNet|VietTimes|VnExpress|VnEconomy|Vneconomy|Znews|Zing(?:\.vn| News|news)",
    # The world's agencies, and broadcasters that sign as they do.
    r"AFP|ANSA|ANTARA|AP|Belga|Bernama|BERNAMA|dpa|DPA|EFE|Interfax|IRNA|Jiji(?: Press)?|KBS|KCNA|KYODO",
    r"Kyodo(?: News)?|NHK|Reuters|REUTERS|RFI|Sputnik|TASS|UPI|VOA|Xinhua|XINHUA|Yonhap(?: News)?|YONHAP",
    r"ТАСС|РИА Новости|Интерфакс",
)
# These are words, or short for other things, too, and count in brackets only.
_BRACKETED = (
    r"AA|AAP|AFP/[A-Z]\w+|AGI|ANI|Antara|APA|ATS|Bloomberg|CNA|CNS|IPS|JIJI|Lusa|MTI|PA|PAP|PTI|RIA Novosti|THX",
    r"An ninh Thủ đô|CTT(?:ĐT)?|Công Thương|Đại Đoàn Kết|Kinh tế đô thị|Lao Động|MTG|NCTG|NDO?|Người Lao Động|Nhân Dân",
    r"Pháp luật|PN|SaoStar|Sài Gòn Giải Phóng|TCCT|Thanh Niên(?: Online)?|Thanh tra|Tiền Phong|Tuổi Trẻ|XD|XĐ",
    r"Vietnam News|Thomson Reuters Foundation",
)
_MARK = f"(?:{'|'.join(_MARKS)})".replace(" ", r"\ ")
_SIGNED = f"(?:{'|'.join(_MARKS + _BRACKETED)})".replace(" ", r"\ ")
_DASH = r"[-–—―]+"

_LATIN = re.compile(
    rf"""\s*(?:
        # (Reuters) -, [VOV] –, and (TTXVN) alone, as brackets leave no doubt; without them a mark needs its dash.
        (?:\(\s*{_SIGNED}\s*\)|\[\s*{_SIGNED}\s*\])\s*(?:{_DASH}|:(?!\S))?
        # AP - but not AP-led.
        |{_MARK}(?:\s+{_DASH}|{_DASH}(?=\s))
    )\s*(?=\S)""",
    re.VERBOSE,
)
_PLACED = re.compile(
    # HÀ NỘI, July 14 (Xinhua) --: the place is news and stays, the mark goes. Russian agencies write /TASS/.
    rf"""(?P<place>\s*[^\W\d_](?:[^\W_]|[\ ,.'/-]){{1,40}}?)\s*
        (?:\(\s*{_SIGNED}\s*\)|/{_SIGNED}/)\s*(?P<dash>{_DASH}|\.)\s+(?=\S)""",
    re.VERBOSE,
)
_EASTERN = re.compile(
    # 新华社北京7月14日电（记者…）, （ハノイ共同）, 【ソウル聯合ニュース】, (하노이=연합뉴스) … 기자 =
    r"""\s*(?:
        [（(【\[]?\s*(?:新华社|新華社|中新社|中新网|中新網|中央社|人民网|央视网|法新社|路透社|美联社|共同社|韩联社)[\s/]*
            (?P<zh>[^\W\d]{0,8}?)\s*(?:[0-9]{1,2}\s*月)?\s*(?:[0-9]{1,2}\s*日)?\s*[电電讯訊]
            (?:\s*[（(][^（()）]{1,30}[）)])?\s*[）)】\]]?\s*[-—：:]*
        |[（【(]\s*(?P<ja>[^\W\d]{0,10}?)[\s＝=]*
            (?:共同(?:通信)?|時事(?:通信)?|ロイター|聯合ニュース|聯合|AFP＝時事)\s*[）】)]\s*[-—―]*
        |[（(\[【]\s*(?P<ko>[^\W\d]{0,10}?)\s*[=＝]?\s*(?:연합뉴스|뉴시스|뉴스1|뉴스원)\s*[）)\]】]
            (?:\s*[^\W\d]{2,4}(?:\s*[·,]\s*[^\W\d]{2,4}){0,3}\s*(?:특파원|기자))?\s*[=＝]?
    )\s*(?=\S)""",
    re.VERBOSE,
)
_MAYBE = re.compile(r"[)\]）】/电電讯訊]|[-–—―]")
_REACH = 80  # characters; no dateline is longer


def strip_dateline(text: str) -> str:
    """Return *text* without an agency's mark at its beginning; a place that stands before the mark stays.

    >>> strip_dateline("(ĐTTCO)- Sáng nay"), strip_dateline("SGGPO - Chiều nay"), strip_dateline("VOV là đài")
    ('Sáng nay', 'Chiều nay', 'VOV là đài')
    >>> strip_dateline("Hà Nội (TTXVN) - Sáng nay")
    'Hà Nội - Sáng nay'
    """
    if not _MAYBE.search(text, 0, _REACH):
        return text
    if match := _LATIN.match(text):
        return text[match.end() :]
    if match := _PLACED.match(text):
        rest, place = text[match.end() :], match["place"].strip()
        return f"{place} {match['dash']} {rest}" if match["dash"] != "." else f"{place.rstrip('.')}. {rest}"
    if not text[:_REACH].isascii() and (match := _EASTERN.match(text)):
        place = match["zh"] or match["ja"] or match["ko"]
        return f"{place} {text[match.end() :]}" if place else text[match.end() :]
    return text
