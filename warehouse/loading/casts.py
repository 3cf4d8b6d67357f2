"""Compiles `plan.Cast` to DuckDB SQL: for each cell its value, and the faults that reject its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from warehouse.engine.ducklake.schema import literal
from warehouse.errors import PlanIncomplete
from warehouse.loading import words
from warehouse.plan import Cast
from warehouse.tables import Column


@dataclass(frozen=True)
class Fault:
    """A row is rejected where `when` holds; `reason` is SQL that gives the stable code."""

    when: str
    reason: str

    @classmethod
    def named(cls, when: str, code: str) -> Fault:
        return cls(when, literal(code))


@dataclass(frozen=True)
class Reading:
    """A cell's value as SQL over its cleaned text, and what can be wrong with it (over the value, named `{v}`)."""

    value: str
    faults: tuple[Fault, ...] = ()


def texts(values: Iterable[str]) -> str:
    """A list of literals for IN."""
    return ", ".join(literal(value) for value in values)


def lookup(pairs: Mapping[str, str], key: str) -> str:
    """SQL that translates `key` by `pairs`; null where there is none."""
    if not pairs:
        return "NULL::VARCHAR"
    return f"MAP {{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in pairs.items())}}}[{key}]"


def cleaned(raw: str) -> str:
    """A cell without the spaces around it; null when nothing is left."""
    # Trimming a set of characters is slow; most cells are plain and begin and end with neither space nor tab.
    plain = (
        f"{raw} >= '!' AND strlen({raw}) = length({raw}) AND NOT ends_with({raw}, ' ') AND NOT ends_with({raw}, chr(9))"
    )
    return f"CASE WHEN {plain} THEN {raw} ELSE nullif(trim({raw}, {literal(words.SPACES)}), '') END"


def is_nothing(text: str) -> str:
    """Whether a cell says that there is no number."""
    return f"({text} IS NULL OR upper({text}) IN ({texts(words.NOTHING)}))"


# --- numbers ----------------------------------------------------------------------------------------------------
NUMBER_TYPES = {
    "count": "DECIMAL(18, 6)",
    "money": "DECIMAL(18, 6)",
    "number": "DECIMAL(18, 6)",
    "ratio": "DECIMAL(18, 9)",
}
SUFFIX_WORDS = r"KR\.?|ZŁ|KČ|RP\.?|RM|FR\.?|LEI|FT|TL"


def _class(characters: str) -> str:
    return "[" + "".join(f"\\{c}" if c in r"\]^-[" else c for c in characters) + "]"


def _scrubbed(text: str) -> str:
    """A number without its money, its brackets and its spaces; a percent sign stays."""
    signs, codes = _class(words.SIGNS), "|".join(words.currencies())
    before = rf"^([-+(<>\s]*)(?:(?:[A-Z]{{1,3}})?{signs}|{codes}|{SUFFIX_WORDS})\s*"
    after = rf"\s*(?:{signs}|{codes}|{SUFFIX_WORDS}|{'|'.join(words.COUNTERS)})\s*(\)?-?)$"
    sql = f"upper(translate({text}, {literal(words.LOOKALIKES)}, {literal(words.STANDS_FOR)}))"
    for pattern, instead in (
        (before, r"\1"),
        (after, r"\1"),
        (r"^\((.*)\)$", r"-\1"),
        (r"^([^-].*)-$", r"-\1"),
        (r"^([-+])\s+", r"\1"),
        (r"^[<>]\s*([0-9].*%)$", r"\1"),  # what some ad platforms say of small and large shares
    ):
        sql = f"regexp_replace({sql}, {literal(pattern)}, {literal(instead)})"
    return sql


@dataclass(frozen=True)
class _Number:
    """The SQL pieces of reading one number column."""

    text: str
    cast: Cast
    type: str

    @property
    def bare(self) -> str:
        return rf"regexp_replace({_scrubbed(self.text)}, '\s*%$', '')"

    @property
    def is_number(self) -> str:
        group = _class(self.cast.thousands + words.SPACES.replace("\t\r\n", "") + "'’")
        whole = rf"\d+|\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,2}}(?:{group}\d{{2}})*{group}\d{{3}}"
        shape = rf"[-+]?(?:{whole})?(?:{_class(self.cast.decimal)}\d*)?(?:E[-+]?\d+)?"
        return rf"(regexp_full_match({self.bare}, {literal(shape)}) AND regexp_matches({self.bare}, '\d'))"

    def plain(self, text: str) -> str:
        """The text with neither groups nor a foreign decimal mark, as the type."""
        marks = words.SPACES + "'’" + self.cast.thousands
        sql = f"translate({text}, {literal(marks)}, '')"
        if self.cast.decimal != ".":
            sql = f"replace({sql}, {literal(self.cast.decimal)}, '.')"
        return f"try_cast({sql} AS {self.type})"

    @property
    def fast(self) -> str:
        """Plain digits, which most cells are."""
        if self.cast.decimal == ".":
            return f"CASE WHEN NOT contains({self.text}, '_') THEN try_cast({self.text} AS {self.type}) END"
        mark = literal(self.cast.decimal)
        foreign = (
            f"regexp_full_match({self.text}, {literal(r'[-+]?[0-9]+(?:' + _class(self.cast.decimal) + '[0-9]*)?')})"
        )
        return f"CASE WHEN {foreign} THEN try_cast(replace({self.text}, {mark}, '.') AS {self.type}) END"

    @property
    def grouped(self) -> str:
        """Digits in threes."""
        if not self.cast.thousands:
            return "NULL"
        shape = rf"[-+]?\d{{1,3}}(?:{_class(self.cast.thousands)}\d{{3}})+(?:{_class(self.cast.decimal)}\d+)?"
        return f"CASE WHEN regexp_full_match({self.text}, {literal(shape)}) THEN {self.plain(self.text)} END"

    @property
    def slow(self) -> str:
        """Everything else that is still a number."""
        value = self.plain(self.bare)
        share = value
        if not self.cast.percent:
            share = (
                f"CASE WHEN ends_with({_scrubbed(self.text)}, '%') THEN ({value} / 100)::{self.type} ELSE {value} END"
            )
        return f"CASE WHEN {is_nothing(self.text)} THEN NULL WHEN {self.is_number} THEN {share} END"


def _number(column: Column, cast: Cast, text: str) -> Reading:
    if cast.decimal == cast.thousands or len(cast.decimal) != 1 or len(cast.thousands) > 1:
        raise PlanIncomplete(
            _("The decimal mark and the thousands mark of “%(column)s” can't be told apart.") % {"column": column.name},
            fix=_("Choose two different marks."),
            column=column.name,
        )
    number = _Number(text, cast, NUMBER_TYPES[column.kind])
    read = f"CASE WHEN {text} IS NOT NULL THEN coalesce({number.fast}, {number.grouped}, {number.slow}) END"
    value = f"try_cast({read} / 100 AS {number.type})" if cast.percent else read
    why = (
        f"CASE WHEN upper({text}) IN ({texts(words.INFINITE)}) THEN 'not_finite' "
        f"WHEN {number.is_number} THEN 'out_of_range' ELSE 'not_a_number' END"
    )
    # CASE, because AND would look into every cell, also those that were read.
    faults = [Fault(f"CASE WHEN {{v}} IS NULL THEN NOT {is_nothing(text)} ELSE false END", why)]
    if column.non_negative:
        faults.append(Fault.named("{v} < 0", "negative"))
    if column.kind == "count":
        faults.append(Fault.named("{v} <> {v}::BIGINT", "not_whole"))
    if column.maximum is not None:
        faults.append(Fault.named(f"{{v}} > {column.maximum}", "out_of_range"))
    return Reading(value, tuple(faults))


# --- moments ----------------------------------------------------------------------------------------------------
def zoned_formats(cast: Cast) -> tuple[str, ...]:
    """The formats that carry their own offset."""
    return tuple(f for f in _formats(cast) if "%z" in f)


def _formats(cast: Cast) -> tuple[str, ...]:
    return cast.formats or (words.DATE_FORMATS if cast.kind == "date" else words.TIMESTAMP_FORMATS)


def _moment_text(cast: Cast, text: str) -> str:
    if any("%p" in f for f in _formats(cast)):
        text = f"replace(replace({text}, '오전', 'AM'), '오후', 'PM')"
    if zoned_formats(cast):
        text = f"regexp_replace({text}, '[zZ]$', '+0000')"
    return text


def _parsed(formats: tuple[str, ...], text: str) -> str:
    return f"try_strptime({text}, [{texts(formats)}])" if formats else "NULL::TIMESTAMP"


def local_moment(cast: Cast, text: str) -> str:
    """The moment as its clock said it, where the cell names no offset."""
    return _parsed(tuple(f for f in _formats(cast) if "%z" not in f), _moment_text(cast, text))


def zoned_moment(cast: Cast, text: str) -> str:
    """The moment in UTC, where the cell names its offset."""
    formats = zoned_formats(cast)
    return f"({_parsed(formats, _moment_text(cast, text))} AT TIME ZONE 'UTC')" if formats else "NULL::TIMESTAMP"


def moment_faults(text: str, today: dt.date) -> tuple[Fault, ...]:
    """Not a date at all, or of a year that nobody means."""
    last = today.year + words.YEARS_AHEAD
    return (
        Fault.named(f"{{v}} IS NULL AND {text} IS NOT NULL", "not_a_date"),
        Fault.named(f"year({{v}}) NOT BETWEEN {words.FIRST_YEAR} AND {last}", "date_out_of_range"),
    )


def _date(cast: Cast, text: str, today: dt.date) -> Reading:
    value = f"coalesce({local_moment(cast, text)}, {zoned_moment(cast, text)})::DATE"
    return Reading(value, moment_faults(text, today))


# --- words ------------------------------------------------------------------------------------------------------
def _map(cast: Cast, text: str) -> Reading:
    folded = {key.strip().lower(): value for key, value in cast.values.items()}
    value = lookup(folded, f"lower({text})")
    return Reading(value, (Fault.named(f"{{v}} IS NULL AND {text} IS NOT NULL", "unmapped"),))


def _bool(text: str) -> Reading:
    folded = f"lower({text})"
    value = (
        f"CASE WHEN {folded} IN ({texts(words.TRUE)}) THEN true WHEN {folded} IN ({texts(words.FALSE)}) THEN false END"
    )
    return Reading(value, (Fault.named(f"{{v}} IS NULL AND NOT {is_nothing(text)}", "not_yes_or_no"),))


def _hash(column: Column, text: str) -> Reading:
    """SHA-256 of the normal form: an address in small letters; a number in digits, Korea's +82 written as 0."""
    hashed = f"regexp_full_match(lower({text}), '[0-9a-f]{{64}}')"
    if column.name == "phone_hash":
        normal = f"regexp_replace({text}, '[^0-9+]', '', 'g')"
        normal = rf"regexp_replace(regexp_replace({normal}, '^(\+82|0082)0?', '0'), '^82(1[016789]\d{{7,8}})$', '0\1')"
        normal = f"replace({normal}, '+', '')"
        fault = Fault.named(
            f"{text} IS NOT NULL AND NOT {hashed} AND length({normal}) NOT BETWEEN 7 AND 15", "not_a_phone"
        )
    else:
        normal = f"lower({text})"
        fault = Fault.named(
            rf"{text} IS NOT NULL AND NOT {hashed} AND NOT regexp_full_match({text}, '[^@\s]+@[^@\s]+')", "not_an_email"
        )
    return Reading(f"CASE WHEN {hashed} THEN lower({text}) ELSE sha256({normal}) END", (fault,))


def _text(text: str) -> Reading:
    # The mark that separates the parts of a business key; no honest cell has it.
    return Reading(f"nullif({text}, '--')", (Fault.named(f"contains({text}, chr(31))", "control_character"),))


def reading(column: Column, cast: Cast, text: str, today: dt.date) -> Reading:
    """How a canonical column is read from the cleaned text `text`; moments are read by `projection`, which knows markets.

    *Errors*: PlanIncomplete when the cast doesn't fit the column.
    """
    if cast.kind == "map":
        return _map(cast, text)
    if column.kind in NUMBER_TYPES:
        return _number(column, cast, text)
    if column.kind == "date":
        return _date(cast, text, today)
    if column.kind == "bool":
        return _bool(text)
    if cast.kind == "hash" or column.name.endswith("_hash"):
        return _hash(column, text)
    if column.kind == "json":
        return Reading(text, (Fault.named(f"{text} IS NOT NULL AND NOT json_valid({text})", "not_json"),))
    return _text(text)
