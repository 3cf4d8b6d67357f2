"""How a column's numbers are written: decimal and thousands marks, currency signs, percent signs, brackets.

One cell can be ambiguous ("1.234"), a column rarely is: the marks are decided over all of its sampled values,
then by the file's other columns, and only then by habit (comma groups, point divides).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MISSING = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "–",
        "—",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "#n/a",
        "(null)",
        "(not set)",
        "\\n",
        "없음",
        "해당없음",
        "해당 없음",
    }
)
SIGNS = {
    "₩": "KRW",
    "￦": "KRW",
    "원": "KRW",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₫": "VND",
    "฿": "THB",
    "₽": "RUB",
    "₺": "TRY",
    "₱": "PHP",
    "₪": "ILS",
    "円": "JPY",
    "元": "CNY",
    "R$": "BRL",
    "HK$": "HKD",
    "NT$": "TWD",
    "US$": "USD",
    "S$": "SGD",
    "A$": "AUD",
    "C$": "CAD",
    "$": "",
    "¥": "",
    "￥": "",
}
_SIGN = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
_NUMBER = re.compile(
    rf"^(?P<open>\()?\s*(?P<sign>[-+−△]?)\s*(?P<before>{_SIGN}|[A-Z]{{3}}(?![A-Za-z]))?\s*(?P<sign2>[-+−]?)\s*"
    rf"(?P<digits>\d[\d.,'’\u00a0\u202f\u2009 ]*|\.\d+)"
    rf"(?P<power>[eE][-+]?\d{{1,3}})?\s*(?P<percent>[%％])?\s*(?P<after>{_SIGN}|[A-Z]{{3}})?\s*(?P<close>\))?$"
)
_MARKS = ".,'’\u00a0\u202f\u2009 "
_SPACES = "\u00a0\u202f\u2009 "


@dataclass(frozen=True)
class NumberForm:
    """`share` is how many of the filled cells read as numbers (0 to 1); `undecided`: every mark could be either.

    `contradicting` counts cells that fit only the other reading of the marks; `currency` is an ISO code that signs
    in the cells agree on.
    """

    share: float
    decimal: str = "."
    thousands: str = ","
    percent: bool = False
    currency: str = ""
    undecided: bool = False
    contradicting: int = 0


def is_missing(cell: str) -> bool:
    """Whether a cell says in a report's manner that there is no value."""
    return cell.strip().casefold() in MISSING


def looks_like_number(cell: str) -> bool:
    """Whether one cell reads as a number in any convention."""
    match = _NUMBER.match(cell.strip())
    return bool(match and _readings(match["digits"].strip(_SPACES)))


def number_form(values: Sequence[str], *, habit: str = "") -> NumberForm:
    """Decide the marks of a column from its filled cells; `habit` is the decimal mark of the file's clear columns."""
    matches = [match for match in (_NUMBER.match(value.strip()) for value in values) if match]
    digits = [match["digits"].strip(_SPACES) for match in matches]
    votes: Counter[tuple[str, str]] = Counter()
    read = 0
    for text in digits:
        readings = _readings(text)
        read += bool(readings)
        if len(readings) == 1:
            votes[readings[0]] += 1
    if not read:
        return NumberForm(share=0.0)
    decimal, undecided = _decimal(votes, digits, habit)
    return NumberForm(
        share=read / len(values),
        decimal=decimal,
        thousands=_thousands(votes, digits, decimal),
        percent=sum(bool(match["percent"]) for match in matches) > len(matches) * 0.5,
        currency=_currency(matches),
        undecided=undecided,
        contradicting=sum(count for (mark, _), count in votes.items() if mark and mark != decimal),
    )


def _readings(digits: str) -> list[tuple[str, str]]:
    """The (decimal, thousands) marks under which digits with marks are one number; "" where a mark isn't used."""
    used = [character for character in digits if character in _MARKS]
    if not used:
        return [("", "")]
    kinds = list(dict.fromkeys(used))
    if len(kinds) > 2:
        return []
    if len(kinds) == 2:
        group, divide = kinds
        fits = used.count(divide) == 1 and divide in ".," and used[-1] == divide
        return [(divide, group)] if fits and _grouped(digits.split(divide)[0], group) else []
    mark = kinds[0]
    readings = []
    if mark in ".," and len(used) == 1:
        readings.append((mark, ""))
    if _grouped(digits, mark):
        readings.append(("," if mark == "." else "." if mark == "," else "", mark))
    return readings


def _grouped(digits: str, mark: str) -> bool:
    first, *rest = digits.split(mark)
    western = all(len(part) == 3 for part in rest)
    indian = len(rest) > 1 and len(rest[-1]) == 3 and all(len(part) == 2 for part in rest[:-1])
    return 1 <= len(first) <= 3 and first != "0" and (western or indian)


def _decimal(votes: Counter[tuple[str, str]], digits: Iterable[str], habit: str) -> tuple[str, bool]:
    point = sum(count for (decimal, _), count in votes.items() if decimal == ".")
    comma = sum(count for (decimal, _), count in votes.items() if decimal == ",")
    if point != comma:
        return ("." if point > comma else ","), False
    marks = {character for text in digits for character in text if character in ".,"}
    if habit:
        return habit, False
    return ".", marks == {"."}


def _thousands(votes: Counter[tuple[str, str]], digits: Iterable[str], decimal: str) -> str:
    seen = Counter(group for (mark, group), count in votes.items() if group and group != decimal for _ in range(count))
    if seen:
        return seen.most_common(1)[0][0]
    for text in digits:
        for mark in "'’\u00a0\u202f\u2009 ":
            if mark in text:
                return mark
    return "," if decimal == "." else "."


def _currency(matches: Sequence[re.Match[str]]) -> str:
    codes: Counter[str] = Counter()
    for match in matches:
        sign = match["before"] or match["after"] or ""
        code = SIGNS.get(sign, sign if len(sign) == 3 and sign.isalpha() else "")
        if code:
            codes[code] += 1
    if len(codes) != 1:
        return ""
    code, count = codes.most_common(1)[0]
    return code if count > len(matches) * 0.5 else ""


def habit_of(forms: Iterable[NumberForm]) -> str:
    """The decimal mark that a file's clear columns use, "" when they don't say or don't agree."""
    marks = {form.decimal for form in forms if form.share > 0.8 and not form.undecided}
    return marks.pop() if len(marks) == 1 else ""
