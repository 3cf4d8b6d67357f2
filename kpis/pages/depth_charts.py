"""Charts of the in-depth page; each carries its four sentences, its table and its CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue import Kpi, Rollup
from kpis.pages.cell import how_to_read, is_moving
from kpis.pages.texts import change_text, value_text
from kpis.queries.cells import Cell
from kpis.queries.depth import Course, Slice
from kpis.reasons import hole_sentence
from ui import formats
from ui.charts import Chart, ChartTable, Measure, Series, Target, bars, trend
from ui.components import HowToRead

MOST_BARS = 10
PART_NAMES = {"channel": lambda: _("Channel"), "source": lambda: _("Source"), "campaign": lambda: _("Campaign")}


def bucket_text(bucket: dt.date, grain: str, language: str) -> str:
    """A bucket as people name it: a day, the week from a Monday, a month."""
    if grain == "month":
        return formats.format_month(bucket, language=language)
    day = formats.format_day_short(bucket, language=language)
    return _("week of %(day)s") % {"day": day} if grain == "week" else day


def course_chart(kpi: Kpi, course: Course, cell: Cell, language: str, *, csv_url: str) -> Chart:
    """The course against its target, with the days that still move."""
    measure = Measure(kpi.unit.value, cell.currency or "KRW", language)
    line = Series(str(kpi.name), [value.number for value in course.values], f"stage-{kpi.stage.number}")
    has_target = any(target is not None for target in course.targets)
    aims = [Target(_("Target"), list(course.targets))] if has_target else []
    moving = [bucket for bucket in course.buckets if is_moving(bucket, course.grain, cell)]
    titles = {"day": _("%(kpi)s by day"), "week": _("%(kpi)s by week"), "month": _("%(kpi)s by month")}
    empty = "" if any(value.number is not None for value in course.values) else _why_empty(course)
    return Chart(
        title=titles[course.grain] % {"kpi": kpi.name},
        how=_course_how(kpi, has_target),
        figure={} if empty else trend(course.buckets, [line], measure, grain=course.grain, targets=aims, moving=moving),
        table=course_table(kpi, course, cell, language),
        summary=value_text(kpi, cell.actual, cell.currency, language),
        scope=str(kpi.name),
        csv_url=csv_url,
        notes=_course_notes(course),
        empty=empty,
    )


def _why_empty(course: Course) -> str:
    hole = next(
        (value.hole for value in course.values if value.hole is not None and value.hole.code != "no_data"), None
    )
    return hole_sentence(hole) if hole is not None else _("Nothing was measured in this period.")


def _course_how(kpi: Kpi, has_target: bool) -> HowToRead:
    how = how_to_read(kpi)
    read = str(kpi.reads)
    if has_target:
        read += " " + _("The dashed line is the target.")
        if kpi.rollup is Rollup.ADDITIVE:
            read += " " + _("A month's target is spread evenly over its days.")
    read += " " + _("Gaps are days without data, never zero.")
    return HowToRead(how.shows, how.computed, read, how.next)


def _course_notes(course: Course) -> list[str]:
    rates = [value.hole for value in course.values if value.hole is not None and value.hole.code == "missing_rate"]
    return [hole_sentence(rates[0])] if rates else []


def course_table(kpi: Kpi, course: Course, cell: Cell, language: str) -> ChartTable:
    """The course as a table: bucket, value, target, achievement of each."""
    rows = []
    for bucket, value, target in zip(course.buckets, course.values, course.targets, strict=True):
        aim = "" if target is None else Measure(kpi.unit.value, cell.currency or "KRW", language).full(target)
        shown = value_text(kpi, value, cell.currency, language)
        rows.append([bucket_text(bucket, course.grain, language), shown, aim])
    return ChartTable([_("Period"), str(kpi.name), _("Target")], rows)


PART_TITLES = {
    "channel": lambda: _("%(kpi)s by channel"),
    "source": lambda: _("%(kpi)s by source"),
    "campaign": lambda: _("%(kpi)s by campaign"),
}


def slices_chart(part: str, kpi: Kpi, slices: Sequence[Slice], cell: Cell, language: str, *, csv_url: str) -> Chart:
    """The heaviest slices as bars, best readable first; what is left out is told."""
    measure = Measure(kpi.unit.value, cell.currency or "KRW", language)
    shown = [one for one in slices if one.actual.number is not None][:MOST_BARS]
    labels = [part_name(one.name) for one in shown]
    rest = len(slices) - len(shown)
    notes = []
    if rest > 0:
        notes.append(
            ngettext("%(number)d more is in the table.", "%(number)d more are in the table.", rest) % {"number": rest}
        )
    figure = {}
    if shown:
        series = [Series(str(kpi.name), [one.actual.number for one in shown], f"stage-{kpi.stage.number}")]
        figure = bars(labels, series, measure, horizontal=True)
    return Chart(
        title=PART_TITLES[part]() % {"kpi": kpi.name},
        how=_slices_how(kpi),
        figure=figure,
        table=slice_table(kpi, part, slices, cell, language),
        csv_url=csv_url,
        notes=notes,
        empty="" if shown else _("Nothing was measured in this period."),
    )


def _slices_how(kpi: Kpi) -> HowToRead:
    how = how_to_read(kpi)
    if kpi.rollup is Rollup.ADDITIVE:
        read = _("The bars add up to the market's value. Look for the one that changed most.")
    else:
        read = _("The bars don't add up: the market's value is the ratio of their sums. Heavier ones stand first.")
    return HowToRead(how.shows, how.computed, read, how.next)


def slice_table(kpi: Kpi, part: str, slices: Sequence[Slice], cell: Cell, language: str) -> ChartTable:
    """Name, value, change and share of each slice."""
    columns = [PART_NAMES[part](), str(kpi.name), _("Previous period"), _("Change")]
    has_share = any(one.share is not None for one in slices)
    if has_share:
        columns.append(_("Share"))
    rows = []
    for one in slices:
        row = [
            part_name(one.name),
            value_text(kpi, one.actual, cell.currency, language),
            value_text(kpi, one.previous, cell.currency, language),
            change_text(kpi, one.actual, one.previous, language),
        ]
        if has_share:
            row.append("" if one.share is None else formats.format_value(one.share, "percent", language=language))
        rows.append(row)
    return ChartTable(columns, rows)


def part_name(name: str) -> str:
    """A channel, source or campaign; what has no name says so."""
    return name or _("(no name)")
