"""The mapping page of one import: how the file was read, what each column means, what is left to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sources.models import FileImport
from sources.planning import open_questions, plan_of
from sources.queries.freshness import known_sources
from sources.reading.matching import is_computed
from sources.reading.notes import reason_sentence, sentence
from sources.reading.profile import ColumnProfile
from sources.reading.shape import Note, Shape
from sources.words import GROUPS, OPTIONAL_CONSTANTS, TABLES, target_label
from sources.words import reason_sentence as reject_sentence
from tenants.access import Access
from warehouse.plan import ColumnPlan, Plan
from warehouse.tables import CANONICAL, LOADABLE

NUMERIC = frozenset({"count", "money", "number", "ratio"})
MARKS: tuple[tuple[str, str], ...] = (
    (".,", "1,234.56"),
    (",.", "1.234,56"),
    (". ", "1 234.56"),
    (", ", "1 234,56"),
    (".'", "1'234.56"),
    (",'", "1'234,56"),
)
DATE_CHOICES: tuple[str, ...] = (
    "%Y-%m-%d",
    "%Y.%m.%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%Y년 %m월 %d일",
    "%b %d, %Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y.%m.%d %H:%M",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
)
VALUES_SHOWN = 200


@dataclass(frozen=True)
class Choice:
    """One option of a select."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class ChoiceGroup:
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class ColumnRow:
    """One column of the file. `how` is marks, dates, or "" where there is nothing to choose."""

    index: int
    name: str
    samples: tuple[str, ...]
    target: str
    targets: tuple[ChoiceGroup, ...]
    how: str
    how_choices: tuple[Choice, ...]
    reason: str


@dataclass(frozen=True)
class Answer:
    """One answer for the whole file. `kind` is select, date, text or column; `needed` when rows can't do without."""

    name: str
    label: str
    kind: str
    value: str
    choices: tuple[Choice, ...] = ()
    help: str = ""
    needed: bool = False


@dataclass(frozen=True)
class MarketValue:
    """One value of the market column: its rows and the market that it means."""

    index: int
    value: str
    rows: int
    choices: tuple[Choice, ...]
    matched: bool


@dataclass(frozen=True)
class Sheet:
    """Everything that the mapping form shows."""

    tables: tuple[Choice, ...]
    table_hint: str
    confidence: float
    columns: tuple[ColumnRow, ...]
    answers: tuple[Answer, ...]
    market_values: tuple[MarketValue, ...]
    market_values_more: int
    unmatched_values: int
    unmatched_rows: int
    questions: tuple[str, ...]
    notes: tuple[str, ...]


def sheet_of(access: Access, file_import: FileImport) -> Sheet:
    """The mapping form of an import that has been read."""
    plan = plan_of(file_import.plan or {})
    profiles = [ColumnProfile.from_json(raw) for raw in file_import.columns]
    values = market_values(access, file_import, plan)
    questions = tuple(str(target_label(plan.table, target)) for target in open_questions(plan))
    return Sheet(
        tables=tuple(Choice(name, str(TABLES[name][0]), name == plan.table) for name in LOADABLE),
        table_hint=str(TABLES[plan.table][1]),
        confidence=file_import.proposal.get("confidence", 0.0),
        columns=tuple(_row(index, profile, plan, file_import.proposal) for index, profile in enumerate(profiles)),
        answers=tuple(_answers(access, plan, profiles)),
        market_values=tuple(values[:VALUES_SHOWN]),
        market_values_more=max(len(values) - VALUES_SHOWN, 0),
        unmatched_values=sum(not value.matched for value in values),
        unmatched_rows=sum(value.rows for value in values if not value.matched),
        questions=questions,
        notes=tuple(notes_of(file_import)),
    )


def notes_of(file_import: FileImport) -> list[str]:
    """What is worth telling, in the reader's language."""
    shape = Shape.from_json(file_import.shape or {})
    raw = [*shape.notes, *(Note(**note) for note in file_import.proposal.get("notes", ()))]
    return [sentence(note) for note in raw]


def _row(index: int, profile: ColumnProfile, plan: Plan, proposal: Mapping[str, Any]) -> ColumnRow:
    mapped = [column for column in plan.columns if column.column == profile.name]
    main = mapped[0] if mapped else None
    target = main.target if main else "breakdown" if profile.name in plan.breakdown else ""
    how, how_choices = _how(plan.table, main, profile)
    return ColumnRow(
        index=index,
        name=profile.name,
        samples=profile.samples,
        target=target,
        targets=target_groups(plan.table, target),
        how=how,
        how_choices=how_choices,
        reason=_reason(target, profile.name, proposal),
    )


def _reason(target: str, name: str, proposal: Mapping[str, Any]) -> str:
    """Why a column means what it means, or why it is left out."""
    if not target:
        return reason_sentence("computed", {}) if is_computed(name) else ""
    if target == "breakdown":
        return ""
    if proposal.get("proposed", {}).get(target) != name:
        return reason_sentence("person", {})
    why = proposal.get("why", {}).get(target, {})
    return reason_sentence(why.get("reason", ""), why.get("details", {}))


def target_groups(table: str, chosen: str) -> tuple[ChoiceGroup, ...]:
    """What a column can be, by kind; what only some tables have is left out of the others."""
    names = [column.name for column in CANONICAL[table].columns if column.name not in ("source", "breakdown")]
    groups = []
    for label, members in GROUPS:
        choices = tuple(
            Choice(name, str(target_label(table, name)), name == chosen) for name in names if name in members
        )
        if choices:
            groups.append(ChoiceGroup(str(label), choices))
    if table in ("channel_daily", "events"):
        kept = Choice("breakdown", _("Keep as a breakdown"), chosen == "breakdown")
        groups.append(ChoiceGroup(_("Other"), (kept,)))
    return tuple(groups)


def _how(table: str, column: ColumnPlan | None, profile: ColumnProfile) -> tuple[str, tuple[Choice, ...]]:
    if column is None:
        return "", ()
    kind = CANONICAL[table].column(column.target).kind
    if kind in NUMERIC:
        now = column.cast.decimal + (column.cast.thousands or ",")
        marks = MARKS if any(value == now for value, _label in MARKS) else (*MARKS, (now, now))
        return "marks", tuple(Choice(value, label, value == now) for value, label in marks)
    if kind in ("date", "timestamp"):
        now = "|".join(column.cast.formats)
        offered = dict.fromkeys([now, *profile.date.formats, *profile.date.question, *DATE_CHOICES])
        offered.pop("excel", None)
        return "dates", tuple(Choice(value, shown_format(value), value == now) for value in offered if value)
    return "", ()


def shown_format(formats: str) -> str:
    """A date form as people write it: %Y.%m.%d is YYYY.MM.DD."""
    shown = formats.replace("|", " · ")
    for code, word in (
        ("%Y", "YYYY"),
        ("%y", "YY"),
        ("%m", "MM"),
        ("%d", "DD"),
        ("%b", "Mon"),
        ("%B", "Month"),
        ("%H", "hh"),
        ("%I", "hh"),
        ("%M", "mm"),
        ("%S", "ss"),
        ("%f", "fff"),
        ("%p", "AM/PM"),
        ("%z", "+00:00"),
    ):
        shown = shown.replace(code, word)
    return shown


def _answers(access: Access, plan: Plan, profiles: Sequence[ColumnProfile]) -> list[Answer]:
    """What one value answers for the whole file: what no column says, and the source that the rows belong to."""
    by_column = {column.target for column in plan.columns if column.column}
    said = {column.target: column.constant or "" for column in plan.columns if not column.column}
    table = CANONICAL[plan.table]
    names = {column.name: column for column in table.columns}
    answers: list[Answer] = []
    if "market" not in by_column:
        answers.append(_market_answer(access, said.get("market", "")))
    if "day" in names and names["day"].required and not table.day_from and "day" not in by_column:
        help_text = _("The file has no date column: which day do its rows count on?")
        answers.append(
            Answer("day", _("Date"), "date", said.get("day", ""), help=help_text, needed=not said.get("day"))
        )
    answers += [_shared_answer(plan, target, profiles) for target in _unfilled(plan)]
    if "currency" in names and "currency" not in by_column:
        answers.append(_currency_answer(access, said.get("currency", "")))
    if any(column.kind == "timestamp" and column.name in by_column for column in table.columns):
        answers.append(_zone_answer(access, plan))
    for target in OPTIONAL_CONSTANTS.get(plan.table, ()):
        if target not in by_column:
            label = str(target_label(plan.table, target))
            needed = names[target].required and not said.get(target)
            answers.append(Answer(target, label, "text", said.get(target, ""), needed=needed))
    sources = tuple(Choice(source.key, source.name) for source in known_sources())
    help_text = _("Rows of the same source replace each other when they are loaded again.")
    answers.append(Answer("source", _("Data source"), "text", plan.source, sources, help_text, needed=not plan.source))
    return answers


def _market_answer(access: Access, chosen: str) -> Answer:
    choices = tuple(Choice(m.code, str(m), m.code == chosen) for m in access.markets if m.code in access.may_load)
    return Answer("market", _("Market"), "select", chosen, choices, needed=not chosen)


def _unfilled(plan: Plan) -> list[str]:
    """Required targets that no own column fills: another's column, or one value, can."""
    first: dict[str, str] = {}
    for column in plan.columns:
        if column.column:
            first.setdefault(column.column, column.target)
    shared = {column.target for column in plan.columns if column.column and first[column.column] != column.target}
    constants = set(OPTIONAL_CONSTANTS.get(plan.table, ()))
    missing = set(open_questions(plan)) - {"market", "day"} - constants
    return [column.name for column in CANONICAL[plan.table].columns if column.name in missing | shared]


def _shared_answer(plan: Plan, target: str, profiles: Sequence[ColumnProfile]) -> Answer:
    now = next((column.column or "" for column in plan.columns if column.target == target), "")
    choices = tuple(Choice(str(index), profile.name, profile.name == now) for index, profile in enumerate(profiles))
    label = str(target_label(plan.table, target))
    return Answer(f"also-{target}", label, "column", now, choices, _("Which column says it?"), needed=not now)


def _currency_answer(access: Access, chosen: str) -> Answer:
    own = [market.currency for market in access.client.markets.all()]
    codes = dict.fromkeys(
        [*own, access.client.home_currency, "USD", "EUR", "JPY", "CNY", "GBP", "KRW", *([chosen] if chosen else [])]
    )
    choices = (
        Choice("", _("As each market is set"), not chosen),
        *(Choice(code, code, code == chosen) for code in codes),
    )
    return Answer("currency", _("Currency of the amounts"), "select", chosen, choices)


def _zone_answer(access: Access, plan: Plan) -> Answer:
    now = next((column.cast.time_zone for column in plan.columns if column.cast.time_zone), "")
    zones = dict.fromkeys(
        ["UTC", *(market.time_zone for market in access.client.markets.all()), *([now] if now else [])]
    )
    choices = (Choice("", _("As each market is set"), not now), *(Choice(zone, zone, zone == now) for zone in zones))
    return Answer("time_zone", _("Time zone of the times"), "select", now, choices)


def market_values(access: Access, file_import: FileImport, plan: Plan) -> list[MarketValue]:
    """Values of the market column with their rows, unmatched and frequent ones first."""
    column = next((one for one in plan.columns if one.target == "market" and one.column), None)
    if column is None:
        return []
    counts = file_import.value_counts.get(str(column.column), {})
    chosen = column.cast.values
    order = sorted((value for value in counts if value), key=lambda value: (value in chosen, -counts[value], value))
    markets = list(access.client.markets.all())
    return [
        MarketValue(
            index=index,
            value=value,
            rows=counts[value],
            matched=value in chosen,
            choices=tuple(_market_choice(market, chosen.get(value, ""), access) for market in markets),
        )
        for index, value in enumerate(order)
    ]


def _market_choice(market: Any, chosen: str, access: Access) -> Choice:
    label = str(market) if market.code in access.may_load else _("%(market)s (not yours to load)") % {"market": market}
    return Choice(market.code, label, market.code == chosen)


@dataclass(frozen=True)
class ReasonRow:
    """Why rows would stay out."""

    reason: str
    column: str
    rows: int
    samples: tuple[str, ...]


@dataclass(frozen=True)
class CheckView:
    """What loading would do, for the page. Heads and cells say whether they are numbers."""

    read: int
    loadable: int
    rejected: int
    totals_skipped: int
    duplicates: int
    reasons: tuple[ReasonRow, ...]
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


def check_view(file_import: FileImport) -> CheckView | None:
    """The stored check, with the preview's empty columns left out; None before the first."""
    raw = file_import.check_result
    if not raw:
        return None
    table = (file_import.plan or {})["table"]
    filled = [column for column in CANONICAL[table].columns if any(row.get(column.name) for row in raw["preview"])]
    reasons = tuple(
        ReasonRow(reject_sentence(one["code"]), one["column"], one["rows"], tuple(one["sample"]))
        for one in raw["reasons"]
    )
    return CheckView(
        read=raw["read"],
        loadable=raw["loadable"],
        rejected=raw["rejected"],
        totals_skipped=raw["totals_skipped"],
        duplicates=raw["duplicates"],
        reasons=reasons,
        heads=tuple((str(target_label(table, column.name)), column.kind in NUMERIC) for column in filled),
        rows=tuple(
            tuple((_shown_cell(row.get(column.name, ""), column.kind), column.kind in NUMERIC) for column in filled)
            for row in raw["preview"]
        ),
    )


def _shown_cell(text: str, kind: str) -> str:
    """Numbers without the zeros that only their type adds."""
    return text.rstrip("0").rstrip(".") if kind in NUMERIC and "." in text else text
