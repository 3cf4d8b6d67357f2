"""What a file is, as a proposal: the table, what each column means and why, how its cells are read.

The table is the one that explains most of the file's columns with its own, most of all those that make its key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sources.reading.casting import cast_for
from sources.reading.date_forms import date_range
from sources.reading.markets import MarketNames, match_markets
from sources.reading.matching import Match, best_matches, is_computed, named_targets
from sources.reading.profile import ColumnProfile
from sources.reading.shape import Note, Shape
from sources.reading.vocabulary import Report, fold, reports_of
from warehouse.plan import Cast, ColumnPlan, Plan
from warehouse.tables import CANONICAL, LOADABLE

CHANNEL_WORDS = {
    "facebook": "meta",
    "instagram": "meta",
    "meta": "meta",
    "페이스북": "meta",
    "인스타": "meta",
    "naver": "naver_search",
    "네이버": "naver_search",
    "kakao": "kakao_moment",
    "카카오": "kakao_moment",
    "googleads": "google_ads",
    "구글": "google_ads",
    "adwords": "google_ads",
    "tiktok": "tiktok",
    "틱톡": "tiktok",
    "criteo": "criteo",
    "크리테오": "criteo",
    "youtube": "youtube",
    "유튜브": "youtube",
    "linkedin": "linkedin",
    "bing": "microsoft_ads",
}


@dataclass(frozen=True)
class Surroundings:
    """What is known beside the file: its name, the client's markets, and those that this person may load."""

    file_name: str
    markets: tuple[MarketNames, ...]
    loadable: frozenset[str]


@dataclass(frozen=True)
class Why:
    """Why a target was filled as it was; `confidence` is 0 to 1."""

    reason: str
    confidence: float
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A plan with the reason of each of its columns by target, and what the person should know."""

    plan: Plan
    confidence: float
    why: Mapping[str, Why]
    notes: tuple[Note, ...] = ()
    report: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "plan": self.plan.as_json(),
            "confidence": self.confidence,
            "report": self.report,
            "why": {target: asdict(why) for target, why in self.why.items()},
            "notes": [asdict(note) for note in self.notes],
        }


@dataclass
class _Draft:
    columns: dict[str, ColumnPlan] = field(default_factory=dict)
    why: dict[str, Why] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def put(self, column: ColumnPlan, why: Why) -> None:
        self.columns[column.target] = column
        self.why[column.target] = why


def propose(
    shape: Shape,
    profiles: Sequence[ColumnProfile],
    rows: Sequence[Sequence[str]],
    around: Surroundings,
    *,
    table: str | None = None,
) -> Proposal:
    """Propose a mapping; with `table` given, the best one for that table."""
    reports = [report for report in reports_of(shape.columns) if table in (None, report.table)]
    scores = {name: table_score(name, profiles) for name in LOADABLE}
    for report in reports[:1]:
        scores[report.table] += 2.0
    best = table or max(LOADABLE, key=lambda name: scores[name])
    fitting = reports[0] if reports and reports[0].table == best else None
    draft = _drafted(best, profiles, fitting)
    _add_market(draft, best, profiles, around)
    _add_day(draft, best, shape, around)
    _add_channel(draft, best, around)
    _add_currency(draft, best, profiles)
    left_over = breakdown_of(best, draft.columns, shape.columns, profiles, rows)
    if left_over:
        draft.notes.append(Note("breakdown", {"columns": ", ".join(left_over)}))
    draft.notes += _value_notes(draft.columns, profiles)
    plan = Plan(table=best, source=source_of(best, fitting), columns=tuple(draft.columns.values()), breakdown=left_over)
    return Proposal(
        plan=plan,
        confidence=_confidence(best, scores, _coverage(plan, profiles)),
        why=draft.why,
        notes=tuple(draft.notes),
        report=fitting.label if fitting else "",
    )


def table_score(table: str, profiles: Sequence[ColumnProfile]) -> float:
    """How much of a table a file's columns explain: required columns count double, a missing one costs."""
    matches = {match.target: match for match in best_matches(table, profiles)}
    required = {c.name for c in CANONICAL[table].columns if c.required} - {"market", "source", "day", "currency"}
    score = sum(match.strength * (2.0 if target in required else 1.0) for target, match in matches.items())
    score -= 1.5 * sum(target not in matches for target in required)
    if table == "channel_daily":
        facts = {"impressions", "clicks", "cost", "views", "conversions"} & matches.keys()
        score += len(facts) - (4.0 if not facts else 0.0)
    if table in ("products", "customers") and _has_a_timeline(profiles, matches):
        score -= 1.0
    return score


def _has_a_timeline(profiles: Sequence[ColumnProfile], matches: Mapping[str, Match]) -> bool:
    used = {match.column for match in matches.values()}
    return any(profile.kind in ("date", "timestamp") and profile.name not in used for profile in profiles)


def _confidence(best: str, scores: Mapping[str, float], coverage: float) -> float:
    """How far ahead the best table is, and how much of the file it explains."""
    first = max(scores[best], 0.0)
    second = max((score for name, score in scores.items() if name != best), default=0.0)
    if first <= 0:
        return 0.1
    ahead = 0.4 + 0.6 * (first - max(second, 0.0)) / first
    return round(min(0.99, ahead * (0.5 + 0.5 * coverage)), 2)


def _coverage(plan: Plan, profiles: Sequence[ColumnProfile]) -> float:
    """Share of the file's filled columns that mean something to us; rates that we compute count as understood."""
    used = {column.column for column in plan.columns if column.column} | set(plan.breakdown)
    filled = [profile.name for profile in profiles if profile.kind != "empty"]
    return sum(name in used or is_computed(name) for name in filled) / len(filled) if filled else 0.0


def _drafted(table: str, profiles: Sequence[ColumnProfile], report: Report | None) -> _Draft:
    by_name = {profile.name: profile for profile in profiles}
    draft = _Draft()
    for match in best_matches(table, profiles):
        cast = cast_for(table, match.target, by_name[match.column])
        draft.put(
            ColumnPlan(target=match.target, column=match.column, cast=cast),
            Why(match.reason, round(match.strength, 2), match.details),
        )
    if report:
        draft.notes.append(Note("report_known", {"label": report.label}))
        for target, value in report.constants.items():
            if target not in draft.columns:
                draft.put(ColumnPlan(target=target, constant=value), Why("report", 0.9, {"label": report.label}))
    return draft


def _add_market(draft: _Draft, table: str, profiles: Sequence[ColumnProfile], around: Surroundings) -> None:
    best: tuple[float, ColumnProfile, dict[str, str]] | None = None
    for profile in profiles:
        named = max((s for target, s, _ in named_targets(table, profile.name) if target == "market"), default=0.0)
        if profile.kind != "text" or (not named and profile.distinct > 400):
            continue
        matched = match_markets(profile.values, around.markets)
        share = len(matched) / max(len(profile.values), 1)
        score = named + share
        if matched and (named or share >= 0.6) and (best is None or score > best[0]):
            best = (score, profile, matched)
    if best is None:
        _add_whole_market(draft, around)
        return
    _, profile, matched = best
    for target in [t for t, column in draft.columns.items() if column.column == profile.name and t not in ("country",)]:
        del draft.columns[target], draft.why[target]
    share = len(matched) / max(len(profile.values), 1)
    draft.put(
        market_column(profile.name, matched),
        Why("values_market", round(min(0.99, best[0] / 2 + 0.3), 2), {"percent": round(share * 100)}),
    )


def market_column(column: str, values: Mapping[str, str]) -> ColumnPlan:
    """The plan of a market column whose values are translated to market codes."""
    return ColumnPlan(target="market", column=column, cast=Cast(kind="map", values=dict(sorted(values.items()))))


def _add_whole_market(draft: _Draft, around: Surroundings) -> None:
    loadable = [market for market in around.markets if market.code in around.loadable]
    if len(loadable) == 1:
        draft.put(ColumnPlan(target="market", constant=loadable[0].code), Why("only_market", 0.9))
        return
    words = around.file_name.rsplit(".", 1)[0].replace("_", " ").replace("-", " ").replace(".", " ").split()
    named = set(match_markets([word for word in words if len(word) > 1], loadable).values())
    if len(named) == 1:
        draft.put(ColumnPlan(target="market", constant=named.pop()), Why("file_name", 0.7))


def _add_day(draft: _Draft, table: str, shape: Shape, around: Surroundings) -> None:
    """A report without a date column covers one stretch: what stands above the table or in the file's name."""
    if table != "channel_daily" or "day" in draft.columns:
        return
    for lines, code, reason in (
        (shape.preamble, "date_from_preamble", "preamble"),
        ((around.file_name,), "date_from_name", "file_name"),
    ):
        found = date_range(lines)
        if found:
            first, last = found
            draft.put(day_constant(last), Why(reason, 0.7 if first == last else 0.5))
            draft.notes.append(Note(code, {"first": first.isoformat(), "last": last.isoformat()}))
            return


def day_constant(day: dt.date) -> ColumnPlan:
    """One day for the whole file."""
    return ColumnPlan(target="day", constant=day.isoformat(), cast=Cast(kind="date", formats=("%Y-%m-%d",)))


def _add_channel(draft: _Draft, table: str, around: Surroundings) -> None:
    if table != "channel_daily" or "channel" in draft.columns:
        return
    name = fold(around.file_name)
    for word, channel in CHANNEL_WORDS.items():
        if word in name:
            draft.put(ColumnPlan(target="channel", constant=channel), Why("file_name", 0.7))
            return


def _add_currency(draft: _Draft, table: str, profiles: Sequence[ColumnProfile]) -> None:
    """A sign in the cells says the currency; without one, rows are in their market's own."""
    has_currency = any(column.name == "currency" for column in CANONICAL[table].columns)
    if not has_currency or "currency" in draft.columns:
        return
    mapped = {column.column for column in draft.columns.values()}
    signs = {profile.number.currency for profile in profiles if profile.name in mapped and profile.number.currency}
    if len(signs) == 1:
        code = signs.pop()
        draft.put(ColumnPlan(target="currency", constant=code), Why("sign", 0.9))
        draft.notes.append(Note("currency_seen", {"currency": code}))


def breakdown_of(
    table: str,
    columns: Mapping[str, ColumnPlan],
    names: Sequence[str],
    profiles: Sequence[ColumnProfile],
    rows: Sequence[Sequence[str]],
) -> tuple[str, ...]:
    """Left-over columns that are needed to tell the rows of `channel_daily` apart, the fewest that do."""
    if table != "channel_daily" or not rows:
        return ()
    place = {name: index for index, name in enumerate(names)}
    keys = set(CANONICAL[table].key)
    used = {column.column for column in columns.values() if column.column}
    chosen = [place[c.column] for c in columns.values() if c.column and c.target in keys]
    spare = [p.name for p in profiles if p.name not in used and _is_dimension(p)]
    sample = [row for row in rows[:5_000] if len(row) == len(names)]
    picked: list[str] = []
    best = _distinct(sample, chosen)
    while best < len(sample) and spare:
        name = max(spare, key=lambda candidate: _distinct(sample, [*chosen, place[candidate]]))
        reached = _distinct(sample, [*chosen, place[name]])
        if reached <= best:
            break
        best = reached
        chosen.append(place[name])
        picked.append(name)
        spare.remove(name)
    return tuple(picked)


def _is_dimension(profile: ColumnProfile) -> bool:
    """Text, or numbers that name things rather than measure them: whole, without marks, and repeated."""
    if profile.kind in ("text", "bool"):
        return not any(named in fold(profile.name) for named in ("url이미지", "imageurl"))
    whole = all(value.isdigit() for value in profile.values)
    return (
        profile.kind == "number" and whole and fold(profile.name).endswith(("id", "code", "interest", "번호", "코드"))
    )


def _distinct(rows: Sequence[Sequence[str]], places: Sequence[int]) -> int:
    return len({tuple(row[place] for place in places) for row in rows})


def _value_notes(columns: Mapping[str, ColumnPlan], profiles: Sequence[ColumnProfile]) -> list[Note]:
    """What the person should decide or know about how cells are read."""
    by_name = {profile.name: profile for profile in profiles}
    notes = []
    for column in columns.values():
        profile = by_name.get(column.column or "")
        if profile is None:
            continue
        if column.cast.kind == "number" and profile.number.undecided:
            notes.append(Note("number_marks_open", {"column": profile.name}))
        if column.cast.kind == "number" and profile.number.contradicting:
            notes.append(Note("number_marks_mixed", {"column": profile.name, "rows": profile.number.contradicting}))
        if column.cast.kind in ("date", "timestamp") and profile.date.question:
            notes.append(Note("date_order_open", {"column": profile.name}))
    return notes


def source_of(table: str, report: Report | None) -> str:
    """A source's key for a new kind of file."""
    if report:
        return report.name
    return {
        "channel_daily": "ads",
        "orders": "shop",
        "order_items": "shop",
        "products": "catalogue",
        "customers": "crm",
        "events": "events",
    }[table]
