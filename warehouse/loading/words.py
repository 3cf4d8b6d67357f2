"""What cells say in words: nothing, yes, no, money, a report's total. Kept as data; the SQL is made in `casts`."""

from __future__ import annotations

from functools import lru_cache

NOTHING = (
    "-",
    "--",
    "---",
    "–",
    "—",
    "N/A",
    "#N/A",
    "NA",
    "N.A.",
    "NULL",
    "(NULL)",
    "NONE",
    "NIL",
    "없음",
    "해당없음",
    "해당 없음",
)
INFINITE = ("NAN", "-NAN", "INF", "+INF", "-INF", "INFINITY", "+INFINITY", "-INFINITY", "∞", "-∞")
TRUE = ("true", "t", "yes", "y", "1", "on", "o", "예", "네", "동의", "수신", "참")
FALSE = ("false", "f", "no", "n", "0", "off", "x", "아니오", "아니요", "미동의", "거부", "수신거부", "거짓")

# Characters that only look like those that numbers are written with, and what they stand for.
LOOKALIKES = "−–—－＋０１２３４５６７８９．，％（）"
STANDS_FOR = "----+0123456789.,%()"

SIGNS = "₩￦$＄€£￡¥￥₹₫฿₱₽₺₴₪₦₡₲₵"
COUNTERS = ("원", "엔", "円", "元", "건", "회", "명", "개")

# A row is a report's own total when its first cell is one of these, or begins with one and a mark.
TOTAL = r"(grand\s+|sub\s*)?totals?|합계|총계|총합|총합계|소계|전체\s*합계|합\s+계|合計|总计|總計|gesamt|insgesamt|total\s+général"
TOTAL_ALONE = rf"^\s*({TOTAL})\s*([:：(\-–—].*)?$"
TOTAL_BEGINS = rf"^\s*({TOTAL})(\s|$|[^a-z가-힣])"

SPACES = " \t\r\n\u00a0\u2007\u2009\u202f\u3000\ufeff"

FIRST_YEAR = 1990
YEARS_AHEAD = 2

DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y. %m. %d.", "%Y. %m. %d", "%Y년 %m월 %d일")
TIMESTAMP_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S.%f%z",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S.%f%z",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y%m%d%H%M%S",
    *DATE_FORMATS,
)


@lru_cache
def currencies() -> tuple[str, ...]:
    """The ISO 4217 codes of money that was legal tender at any time since the first year that we load."""
    from babel.core import get_global

    return tuple(
        sorted(
            {
                code
                for tenders in get_global("territory_currencies").values()
                for code, _start, end, tender in tenders
                if tender and (end is None or end[0] >= FIRST_YEAR)
            }
        )
    )
