"""Made-up values for the components of the gallery."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from ui.components import Change, Figure, KpiCard, Step, TimelineEntry
from ui.stages import STAGES, Stage
from ui.templatetags.ui.numbers import language

TREND = (3.1, 3.3, 3.2, 3.6, None, 3.4, 3.8, 3.7, 3.9, 4.2, 4.1, 4.4, 4.3)
MARKETS = (("KR", "한국", "Korea"), ("JP", "일본", "Japan"), ("US", "미국", "United States"), ("DE", "독일", "Germany"))
UNITS = (
    ("count", 1234567),
    ("money", 123456789),
    ("percent", 0.0342),
    ("ratio", 2.314),
    ("people", 45678),
    ("days", 12.5),
    ("seconds", 83),
    ("rank", 3.4),
    ("points", 42),
)
STATES = (("good", "109 %"), ("warn", "92 %"), ("bad", "71 %"), ("bad moving", "64 %"))
KPIS = (
    (0, "노출수", "Impressions", "1,240만", "156만"),
    (3, "구매 전환율", "CVR", "2.31 %", "2.10 %"),
    (4, "재구매율", "Repeat purchase rate", "", "38.3 %"),
)


class SampleForm(forms.Form):
    """A form with one field of every kind."""

    name = forms.CharField(label="Name", help_text="As people call it.")
    email = forms.EmailField(label="Email")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    target = forms.DecimalField(label="Target", required=False)
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    market = forms.ChoiceField(label="Market", choices=[(code, name) for code, name, _english in MARKETS])
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    direction = forms.ChoiceField(
        label="Direction", choices=[("up", "Higher is better"), ("down", "Lower is better")], widget=forms.RadioSelect
    )
    markets = forms.MultipleChoiceField(
        label="Markets",
        choices=[(code, name) for code, name, _english in MARKETS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    tell = forms.BooleanField(label="Tell me by email", required=False, help_text="Once a day at most.")


@dataclass(frozen=True)
class BoardCell:
    css: str
    label: str
    value: str = ""
    achievement: str = ""
    change: str = ""
    reason: str = ""


@dataclass(frozen=True)
class BoardRow:
    name: str
    english: str
    total: str
    total_note: str
    trend: tuple[float | None, ...]
    cells: list[BoardCell]


def market_name(name: str, english: str) -> str:
    return name if language() == "ko" else english


def figures() -> list[Figure]:
    return [
        Figure(
            123456789,
            "money",
            formula="41,152 × ₩3,000",
            source="orders.csv",
            freshness="2026-11-22 08:12",
            currency_rule="USD → KRW",
        ),
        Figure(0.0231, "percent", formula="1,234 ÷ 53,420", source="orders.csv", moving=True),
        Figure(42, "count"),
        Figure(None, "money", missing=_("No exchange rate")),
        Figure(None, "percent"),
    ]


def changes() -> list[Change]:
    return [
        Change(112, 100, "money", _("last month"), "up"),
        Change(88, 100, "count", _("last month"), "up"),
        Change(0.0179, 0.0184, "percent", _("a year before"), "up"),
        Change(2.1, 2.6, "rank", _("last month"), "down"),
        Change(100, 100, "count", _("last month")),
        Change(5, None, "count", _("last month")),
    ]


def cards() -> list[KpiCard]:
    up, down = changes()[0], Change(112, 125, "money", _("a year before"), "up")
    shared = {"trend": TREND, "url": "#kpi"}
    revenue = {"target": Figure(372000000, "money"), "achievement": 1.046, "state": "good", "changes": (up, down)}
    rate = {"target": Figure(0.0248, "percent"), "achievement": 0.931, "state": "warn", "changes": (up,)}
    cost = {"target": Figure(290, "money"), "achievement": 0.79, "state": "bad", "changes": (down,)}
    return [
        KpiCard("매출", Figure(389000000, "money", formula="Σ"), "Revenue", stage=4, **shared, **revenue),  # type: ignore[arg-type]
        KpiCard("구매 전환율", Figure(0.0231, "percent", moving=True), "CVR", stage=4, **shared, **rate),  # type: ignore[arg-type]
        KpiCard("클릭당 비용", Figure(352.4, "money"), "CPC", stage=2, **shared, **cost),  # type: ignore[arg-type]
        KpiCard("재구매율", Figure(None, "percent", missing=_("No exchange rate")), "Repeat purchase rate", stage=5),
    ]


def steps() -> list[Step]:
    return [
        Step(_("File"), "done", "orders.csv", "#file"),
        Step(_("Mapping"), "current", _("Say what each column is.")),
        Step(_("Check"), "ahead"),
        Step(_("Load"), "ahead"),
    ]


def timeline() -> list[TimelineEntry]:
    now = dt.datetime(2026, 11, 22, 8, 12, tzinfo=dt.UTC)
    return [
        TimelineEntry(_("Import taken back"), now, "1,204", "Alice Kim", "undo-2", "warn", "#"),
        TimelineEntry(_("Loaded"), now - dt.timedelta(hours=2), "orders.csv", "Bob Lee", "check", "good"),
        TimelineEntry(_("Target changed"), now - dt.timedelta(days=3), "₩3.5억 → ₩3.72억", "Alice Kim", "target"),
    ]


def board() -> list[tuple[Stage, list[BoardRow]]]:
    """One KPI in each of three stages, its cells in every state."""
    found = []
    for place, (stage, name, english, total, value) in enumerate(KPIS):
        states = STATES[place % 2 :] + STATES[: place % 2]
        cells = [
            BoardCell(css, market_name(*MARKETS[at][1:]), value, share, "6.8 %")
            for at, (css, share) in enumerate(states)
        ]
        if not total:
            cells[1] = BoardCell("missing", cells[1].label, reason=_("No exchange rate"))
            cells[2] = BoardCell("none", cells[2].label, reason="–")
        note = "" if total else _("Cannot be added")
        found.append((STAGES[stage], [BoardRow(name, english, total, note, TREND, cells)]))
    return found
