"""How a column's dates are written, as strptime forms; the order of day and month is decided over many rows.

What rows can't decide (every day is 12 or less) stays a question with both answers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_TIME = (
    r"(?P<sep>T|,? +|\. +)(?:(?P<half>오전|오후|AM|PM|am|pm) ?)?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?P<fraction>\.\d{1,9})?)?"
    r"(?P<ampm> ?[AaPp]\.?[Mm]\.?)?(?P<zone> ?(?:Z|UTC|GMT|KST|[+-]\d{2}:?\d{2}))?"
)
_WEEK = r"(?P<week> ?\([월화수목금토일]\))?"
_NUMERIC = re.compile(
    rf"^(?P<a>\d{{1,4}})(?P<mark>[-/.]) ?(?P<b>\d{{1,2}})(?P=mark) ?(?P<c>\d{{1,4}})(?P<end>\.?){_WEEK}(?:{_TIME})?$"
)
_COMPACT = re.compile(rf"^(?P<y>(?:19|20)\d{{2}})(?P<m>\d{{2}})(?P<d>\d{{2}})(?:{_TIME})?$")
_KOREAN = re.compile(rf"^(?P<y>\d{{4}})년(?P<s1> ?)(?P<m>\d{{1,2}})월(?P<s2> ?)(?P<d>\d{{1,2}})일{_WEEK}(?:{_TIME})?$")
_MONTH = r"(?P<name>[A-Za-z]{3,9})"
_NAMED_FIRST = re.compile(rf"^{_MONTH}(?P<p>\.?) (?P<d>\d{{1,2}})(?P<comma>,?) (?P<y>\d{{4}})(?:{_TIME})?$")
_NAMED_SECOND = re.compile(
    rf"^(?P<d>\d{{1,2}})(?P<m1>[- ./]){_MONTH}(?P<m2>[-, ./]+)(?P<y>\d{{4}}|\d{{2}})(?:{_TIME})?$"
)
_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
EXCEL_SERIAL = "excel"
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class DateForm:
    """`formats` in the order to try; `with_time` when cells carry a time of day, `with_offset` when also its zone.

    `question` holds the other reading's formats where the rows can't decide between day and month first.
    """

    share: float
    formats: tuple[str, ...] = ()
    with_time: bool = False
    with_offset: bool = False
    question: tuple[str, ...] = ()


def looks_like_date(cell: str) -> bool:
    """Whether one cell reads as a date in any of the known forms."""
    return bool(formats_of(cell.strip()))


@lru_cache(maxsize=65536)
def formats_of(text: str) -> tuple[str, ...]:
    """Every strptime form that one cell could be written in."""
    for pattern, days in (
        (_NUMERIC, _numeric),
        (_COMPACT, _compact),
        (_KOREAN, _korean),
        (_NAMED_FIRST, _named_first),
        (_NAMED_SECOND, _named_second),
    ):
        match = pattern.match(text)
        if match:
            time = _time_format(match)
            return tuple(day + time for day in days(match)) if time is not None else ()
    return ()


def _numeric(match: re.Match[str]) -> list[str]:
    a, b, c, mark = match["a"], match["b"], match["c"], match["mark"]
    gap = " " if f"{mark} " in match[0].split("(")[0].rstrip() and mark != "-" else ""
    join, end = f"{mark}{gap}", match["end"] + (match["week"] or "")
    orders: list[tuple[str, str, str]] = []
    if len(a) == 4:
        orders = [("%Y", "%m", "%d")]
    elif len(c) == 4:
        orders = [("%d", "%m", "%Y"), ("%m", "%d", "%Y")]
    elif len(a) == 2 and len(b) == 2 and len(c) == 2:
        orders = [("%y", "%m", "%d"), ("%d", "%m", "%y"), ("%m", "%d", "%y")]
    elif len(c) == 2:
        orders = [("%d", "%m", "%y"), ("%m", "%d", "%y")]
    parts = (a, b, c)
    return [join.join(order) + end for order in orders if _possible(dict(zip(order, parts, strict=True)))]


def _possible(parts: dict[str, str]) -> bool:
    year = int(parts["%Y"]) if "%Y" in parts else 2000 + int(parts["%y"])
    try:
        dt.date(year, int(parts["%m"]), int(parts["%d"]))
    except ValueError:
        return False
    return True


def _compact(match: re.Match[str]) -> list[str]:
    parts = {"%Y": match["y"], "%m": match["m"], "%d": match["d"]}
    return ["%Y%m%d"] if _FIRST_YEAR <= int(match["y"]) < _LAST_YEAR and _possible(parts) else []


def _korean(match: re.Match[str]) -> list[str]:
    if not _possible({"%Y": match["y"], "%m": match["m"], "%d": match["d"]}):
        return []
    return [f"%Y년{match['s1']}%m월{match['s2']}%d일{match['week'] or ''}"]


def _month_format(name: str) -> str | None:
    folded = name.lower()
    if folded in _SHORT:
        return "%b"
    return "%B" if folded in _LONG else None


def _named_first(match: re.Match[str]) -> list[str]:
    month = _month_format(match["name"])
    return [f"{month}{match['p']} %d{match['comma']} %Y"] if month else []


def _named_second(match: re.Match[str]) -> list[str]:
    month = _month_format(match["name"])
    year = "%Y" if len(match["y"]) == 4 else "%y"
    return [f"%d{match['m1']}{month}{match['m2']}{year}"] if month else []


def _time_format(match: re.Match[str]) -> str | None:
    """The strptime form of the time of day, "" when there is none, None when it can't be one."""
    if match["hour"] is None:
        return ""
    half, ampm = match["half"], match["ampm"]
    if int(match["hour"]) > (12 if half or ampm else 23) or int(match["minute"]) > 59:
        return None
    hour = "%I" if half or ampm else "%H"
    second = ":%S" + (".%f" if match["fraction"] else "") if match["second"] else ""
    return f"{match['sep']}{'%p ' if half else ''}{hour}:%M{second}{_ampm_format(ampm)}{_zone_format(match['zone'])}"


def _ampm_format(ampm: str | None) -> str:
    if not ampm:
        return ""
    return " %p" if ampm.startswith(" ") else "%p"


def _zone_format(zone: str | None) -> str:
    if not zone:
        return ""
    gap = " " if zone.startswith(" ") else ""
    return f"{gap}{zone.strip()}" if zone.strip().isalpha() and zone.strip() != "Z" else f"{gap}%z"


def date_form(values: Sequence[str], *, named_like_date: bool = False) -> DateForm:
    """Decide the forms of a column from its filled cells; serial numbers count as dates only under a date's name."""
    found = [formats_of(value.strip()) for value in values]
    read = [options for options in found if options]
    if not read:
        return _serials(values) if named_like_date else DateForm(share=0.0)
    single = Counter(options[0] for options in read if len(options) == 1)
    formats, question = _settle(read, single)
    return DateForm(
        share=len(read) / len(values),
        formats=formats,
        question=question,
        with_time=any("%H" in form or "%I" in form for form in formats),
        with_offset=any(form.endswith(("%z", "UTC", "GMT", "KST")) for form in formats),
    )


def _settle(read: Sequence[tuple[str, ...]], single: Counter[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Formats that cover the cells: those that some cell allows alone first, then the first choice of what is left."""
    chosen = [form for form, _ in single.most_common()]
    other: list[str] = []
    open_cells = Counter(options for options in read if len(options) > 1 and not set(options) & set(chosen))
    for options, _ in open_cells.most_common():
        if set(options) & set(chosen):
            continue
        agreeing = [form for form in options if _order(form) in {_order(known) for known in chosen}]
        pick = agreeing[0] if agreeing else _habitual(options)
        chosen.append(pick)
        if not agreeing:
            other.extend(form for form in options if form != pick)
    return tuple(chosen), tuple(other)


def _order(form: str) -> str:
    return "".join(re.findall(r"%([ymdYbB])", form)).lower().replace("b", "m")


def _habitual(options: tuple[str, ...]) -> str:
    """Points between two-digit parts are Korean or German habit; slashes stay day first until the person says."""
    return options[0]


def _serials(values: Sequence[str]) -> DateForm:
    """Spreadsheet day numbers of 1990 to 2100, as a column exported without its date format holds them."""
    serial = re.compile(r"^\d{5}(\.\d+)?$")
    days = [float(value) for value in values if serial.match(value.strip())]
    fitting = sum(32874 <= day < 73051 for day in days)
    if not days or fitting < len(values) * 0.8:
        return DateForm(share=0.0)
    return DateForm(share=fitting / len(values), formats=(EXCEL_SERIAL,), with_time=any(day % 1 for day in days))


_RANGE_DATE = (
    r"(?:\d{4}[-./] ?\d{1,2}[-./] ?\d{1,2}\.?|\d{4}년 ?\d{1,2}월 ?\d{1,2}일"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|\d{8}|\d{1,2} [A-Z][a-z]{2,8} \d{4})"
)
_RANGE = re.compile(rf"(?P<a>{_RANGE_DATE})\s*(?:[-–—~∼〜]|to|until|부터)\s*(?P<b>{_RANGE_DATE})")
_ONE = re.compile(rf"(?<![\d.])(?P<a>{_RANGE_DATE})(?![\d])")


def date_range(lines: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    """The first date range (or single date) that a report's preamble or file name names, both days included."""
    for pattern in (_RANGE, _ONE):
        for line in lines:
            match = pattern.search(line)
            if not match:
                continue
            first = _day(match["a"])
            last = _day(match["b"]) if "b" in match.groupdict() else first
            if first and last and first <= last:
                return first, last
    return None


def _day(text: str) -> dt.date | None:
    clean = text.strip()
    for form in formats_of(clean):
        try:
            return dt.datetime.strptime(clean, form).date()
        except ValueError:
            continue
    return None
