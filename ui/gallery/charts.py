"""Made-up charts of the gallery: holes, unsettled days, several lines, folded series, nothing at all."""

from __future__ import annotations

import datetime as dt
import math

from django.utils.translation import gettext as _

from ui import charts
from ui.components import HowToRead
from ui.gallery.samples import MARKETS, market_name
from ui.periods import add_months
from ui.templatetags.ui.numbers import language

FIRST_DAY = dt.date(2026, 10, 23)
HOLE = (11, 12)
MONTHS = [add_months(dt.date(2026, 11, 1), -back) for back in range(12, -1, -1)]
CHANNELS = ("Naver", "Google", "Meta", "Kakao", "Criteo", "YouTube", "X", "TikTok", "Bing")


def how_to_read() -> HowToRead:
    return HowToRead(
        shows=_("Orders a day, and what was aimed at."),
        computed=_("Orders without cancelled ones, by the market's own calendar day."),
        read=_("Under the dashed line is behind target; striped days may still change."),
        next=_("Open the day that fell and look at its channels."),
    )


def gallery_charts() -> list[charts.Chart]:
    empty = charts.Chart(_("Nothing to draw"), how_to_read(), empty=_("There is no day with data in this period."))
    return [_days(), _markets(), _channels(), _sources(), empty]


def _days() -> charts.Chart:
    measure = charts.Measure("money", "KRW", language())
    days = [FIRST_DAY + dt.timedelta(days=index) for index in range(30)]
    wave = [None if index in HOLE else 9e6 + 2.4e6 * math.sin(index / 2.2) + 9e4 * index for index in range(30)]
    lines = [charts.Series(_("Revenue"), wave)]
    return charts.Chart(
        _("Revenue a day"),
        how_to_read(),
        charts.trend(days, lines, measure, targets=[charts.Target(_("Target"), 9.4e6)], moving=days[-3:]),
        charts.table_of(days, lines, measure, head=_("Day")),
        summary=_("Rising, two days without data."),
        scope="2026-10",
        csv_url="#csv",
    )


def _markets() -> charts.Chart:
    measure = charts.Measure("money", "KRW", language())
    lines = [
        charts.Series(market_name(name, english), [_swing(place, index) for index in range(13)])
        for place, (_code, name, english) in enumerate(MARKETS)
    ]
    return charts.Chart(
        _("Revenue a month by market"),
        how_to_read(),
        charts.trend(MONTHS, lines, measure, grain="month"),
        charts.table_of(MONTHS, lines, measure, head=_("Day")),
        csv_url="#csv",
    )


def _swing(place: int, index: int) -> float:
    return 1e8 * (place + 1) * (1 + 0.12 * math.sin(index + place))


def _channels() -> charts.Chart:
    measure = charts.Measure("count", language=language())
    parts = [
        charts.Series(name, [800 - 80 * place + 25 * index for index in range(6)])
        for place, name in enumerate(CHANNELS)
    ]
    folded, note = charts.fold(parts, additive=True, language=language())
    return charts.Chart(
        _("Orders by channel"),
        how_to_read(),
        charts.stacked(MONTHS[-6:], folded, measure),
        charts.table_of(MONTHS[-6:], parts, measure, head=_("Day")),
        notes=(note,),
    )


def _sources() -> charts.Chart:
    measure = charts.Measure("count", language=language())
    orders = [charts.Series(_("Orders"), [700.0 - 70 * place for place in range(len(CHANNELS))])]
    return charts.Chart(
        _("Orders by source"),
        how_to_read(),
        charts.bars(CHANNELS, orders, measure, horizontal=True, target=charts.Target(_("Target"), 500)),
        charts.table_of(CHANNELS, orders, measure, head=_("Source")),
    )
