"""Which canonical column each of a file's columns is, for one table: by name, checked against the values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sources.reading.profile import ColumnProfile
from sources.reading.vocabulary import folded_forms, vocabulary
from warehouse.tables import CANONICAL, Column

NUMERIC = frozenset({"count", "money", "number", "ratio"})
TIMED = frozenset({"date", "timestamp"})
SUFFIX_WORDS = 3


@dataclass(frozen=True)
class Match:
    """A file column proposed for a target; `strength` is 0 to 1, `reason` a key of `sources.reading.notes.REASONS`."""

    target: str
    column: str
    strength: float
    reason: str
    details: dict[str, Any] = field(default_factory=dict)


def best_matches(table: str, profiles: Sequence[ColumnProfile]) -> list[Match]:
    """Each target once, each column once unless a required target needs it too; `market` is decided elsewhere."""
    pairs = [pair for profile in profiles for pair in _pairs(table, profile)]
    order = {profile.name: index for index, profile in enumerate(profiles)}
    coarse = {profile.name: profile.distinct for profile in profiles}
    names = {column.name for column in CANONICAL[table].columns if column.kind == "text"}
    # Of two equally good names the coarser one comes first (a campaign above its ad groups), else the earlier one.
    pairs.sort(
        key=lambda pair: (-pair.strength, coarse[pair.column] if pair.target in names else 0, order[pair.column])
    )
    chosen = _each_once(pairs)
    return chosen + _shared(table, pairs, {match.target for match in chosen})


def _each_once(pairs: Sequence[Match]) -> list[Match]:
    targets: set[str] = set()
    columns: set[str] = set()
    chosen = []
    for pair in pairs:
        if pair.target not in targets and pair.column not in columns:
            targets.add(pair.target)
            columns.add(pair.column)
            chosen.append(pair)
    return chosen


def _shared(table: str, pairs: Sequence[Match], taken: set[str]) -> list[Match]:
    """A required target that is left empty shares another's column: a lead's number is also who the lead is."""
    required = {column.name for column in CANONICAL[table].columns if column.required} - taken
    shared: dict[str, Match] = {}
    for pair in pairs:
        if pair.target in required:
            shared.setdefault(pair.target, pair)
    return list(shared.values())


def _pairs(table: str, profile: ColumnProfile) -> list[Match]:
    pairs = []
    for target, strength, reason in named_targets(table, profile.name):
        if target == "market":
            continue
        agreed = strength * _agreement(CANONICAL[table].column(target), profile)
        if agreed >= 0.25:
            pairs.append(Match(target, profile.name, agreed, reason))
    return pairs


def named_targets(table: str, header: str) -> list[tuple[str, float, str]]:
    """Targets that a header may mean, with strength and reason; none for rates, which are computed from sums."""
    known = vocabulary()
    if is_computed(header):
        return []
    words = known.words[table]
    for form, weight in folded_forms(header):
        if form in words:
            return [
                (target, strength * weight, "name" if strength * weight > 0.8 else "name_weak")
                for target, strength in words[form]
            ]
    return _by_suffix(header, table)


def is_computed(header: str) -> bool:
    """Whether a header names a rate or an average that we compute from sums."""
    return any(form in vocabulary().computed for form, _ in folded_forms(header))


def _by_suffix(header: str, table: str) -> list[tuple[str, float, str]]:
    """The last words of a longer name: "xyz campaign id" ends like "campaign id"."""
    parts = [part for part in header.replace("_", " ").replace("-", " ").split() if part]
    for length in range(min(SUFFIX_WORDS, len(parts) - 1), 0, -1):
        for form, _ in folded_forms(" ".join(parts[-length:])):
            entries = vocabulary().words[table].get(form, ())
            if entries and (length > 1 or len(form) > 4):
                return [(target, 0.5 * strength + 0.05 * length, "part_of_name") for target, strength in entries]
    return []


def _agreement(column: Column, profile: ColumnProfile) -> float:
    """How well a column's values go with a target's kind, 0 to 1."""
    if profile.kind == "empty":
        return 0.5
    if column.kind in NUMERIC:
        return 1.0 if profile.number.share > 0.8 else 0.7 if profile.number.share > 0.4 else 0.1
    if column.kind in TIMED:
        return 1.0 if profile.date.share > 0.8 else 0.7 if profile.date.share > 0.3 else 0.1
    if column.kind == "bool":
        return 1.0 if profile.distinct <= 6 else 0.2
    if profile.kind in ("date", "timestamp"):
        return 0.2
    return 1.0
