"""The chart of a running month: what came in, where it should be, and the fan of where it may land."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kpis.catalogue import Rollup
from kpis.pages.board import language
from kpis.pages.cell import how_to_read
from kpis.pages.pacing import held_text
from kpis.pages.texts import joined, value_text
from kpis.queries.landing import BackTest
from kpis.queries.pacing import Pace
from kpis.reasons import hole_sentence
from kpis.values import Value
from ui import formats
from ui.charts import Chart, Measure, Series, Target, table_of, trend
from ui.components import HowToRead


def pacing_chart(pace: Pace, market: str) -> Chart:
    """Actual, path to the target, and the forecast with its interval; empty with its reason where nothing is known."""
    spoken = language()
    measure = Measure(pace.kpi.unit.value, pace.currency or "KRW", spoken)
    course, additive = pace.course, pace.kpi.rollup is Rollup.ADDITIVE
    lines = [Series(_("Actual"), list(course.actual), "accent")]
    if additive and any(value is not None for value in course.expected):
        lines.append(Series(_("Should be"), list(course.expected), "ink-3"))
    fan = any(value is not None for value in course.middle)
    if fan:
        lines += [
            Series(_("Low (10 %)"), list(course.low), "cat-other"),
            Series(_("High (90 %)"), list(course.high), "cat-other"),
            Series(_("Landing forecast"), list(course.middle), "accent"),
        ]
    aims = [Target(_("Target"), pace.target.number)] if pace.target.number is not None else []
    empty = hole_sentence(pace.actual.hole) if pace.actual.hole is not None else ""
    figure = {}
    if not empty:
        moving = [pace.through] if pace.through is not None else []
        figure = trend(course.days, lines, measure, targets=aims, moving=moving)
        _shade(figure, fan)
    title = _("%(kpi)s in %(market)s, day by day") if additive else _("%(kpi)s in %(market)s, the month so far")
    return Chart(
        title=title % {"kpi": pace.kpi.name, "market": market},
        how=_how(pace),
        figure=figure,
        table=table_of(course.days, lines, measure, head=_("Day")),
        summary=insight_of(pace),
        scope=joined([str(pace.kpi.name), market, formats.format_month(pace.month, language=spoken)]),
        notes=_notes(pace),
        empty=empty,
    )


def _shade(figure: dict[str, object], fan: bool) -> None:
    """The interval as an area: the upper edge is filled down to the lower one, which stands just before it."""
    traces: list[dict[str, object]] = figure["data"]  # type: ignore[assignment]
    widths = {_("Actual"): 3, _("Should be"): 1.25}
    for trace in traces:
        if trace.get("type") == "scatter":
            trace["mode"] = "lines"
        if trace.get("name") in widths:
            trace["line"] = {"width": widths[str(trace["name"])]}
    for label in figure["layout"]["annotations"]:  # type: ignore[index]
        if label["text"] == _("Actual"):
            label |= {"xanchor": "right", "yshift": 14}
    if fan:
        high = next(at for at, trace in enumerate(traces) if trace.get("name") == _("High (90 %)"))
        traces[high]["fill"] = "tonexty"
        for edge in (high - 1, high):
            traces[edge]["line"] = {"width": 0.5}
        traces[high + 1]["line"] = {"width": 2, "dash": "dot"}


def insight_of(pace: Pace) -> str:
    """The landing in a sentence: where, between what, and how likely the target is."""
    if pace.landing.number is None:
        return ""

    def shown(number: float | None) -> str:
        return (
            value_text(pace.kpi, Value(number), pace.currency, language(), compact=True) if number is not None else ""
        )

    if pace.low == pace.high:
        return _("The month ended at %(value)s.") % {"value": shown(pace.landing.number)}
    text = _("Lands at %(value)s, with 80 %% between %(low)s and %(high)s.") % {
        "value": shown(pace.landing.number), "low": shown(pace.low), "high": shown(pace.high),
    }  # fmt: skip
    if pace.chance.number is None:
        return text
    chance = formats.format_value(pace.chance.number, "percent", language=language())
    return text + " " + _("The target is reached with a chance of %(chance)s.") % {"chance": chance}


def _notes(pace: Pace) -> list[str]:
    notes = []
    if pace.actual.number is not None and pace.landing.hole is not None:
        notes.append(_("No forecast: %(why)s") % {"why": hole_sentence(pace.landing.hole)})
    if isinstance(pace.test, BackTest):
        error = formats.format_value(pace.test.error, "percent", language=language())
        notes.append(
            _(
                "Tried out on %(months)d earlier months from the same day: it missed the end by %(error)s on average; "
                "%(held)s."
            )
            % {"months": len(pace.test.months), "error": error, "held": held_text(pace.test)}
        )
    elif pace.landing.number is not None and pace.test.code != "month_over":
        notes.append(_("The method was not tried out: %(why)s") % {"why": hole_sentence(pace.test)})
    return notes


def _how(pace: Pace) -> HowToRead:
    how = how_to_read(pace.kpi)
    computed = _(
        "The rest of the month is simulated 1,000 times by exponential smoothing with a weekly season (ETS) over the "
        "last half year; the area holds 80 % of the simulations."
    )
    read = _(
        "“Should be” spreads the target by the weekdays of the last eight weeks and by the same weeks of last year."
    )
    return HowToRead(how.shows, computed, read, how.next)
