"""The chart of a test run: values, what they were held against, and the days on which it would have fired."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from kpis.messages import spoken
from kpis.models.alerts import AlertGrain, AlertKind
from kpis.pages.cell import how_to_read
from kpis.queries.alerts import Rehearsal
from kpis.queries.rules import Rule
from tenants.access import Access
from ui.charts import Chart, Mark, Measure, Series, Target, table_of, trend, with_marks
from ui.components import HowToRead


def rehearsal_chart(access: Access, rule: Rule, code: str, run: Rehearsal) -> Chart:
    """The market that fired most often."""
    market = next(one for one in access.markets if one.code == code)
    found, is_silence = run.found[code], rule.kind == AlertKind.MISSING
    own = rule.currency if rule.currency and rule.currency != "own" else market.currency
    measure = Measure("days" if is_silence else rule.kpi.unit.value, own, spoken())
    by_day = rule.kind in (AlertKind.PACING, AlertKind.MISSING, AlertKind.RESTATED)
    days = [one.as_of if by_day else one.starts_on for one in found]
    name = _("Days without data") if is_silence else str(rule.kpi.name)
    line = Series(name, [one.value.number for one in found], f"stage-{rule.kpi.stage.number}")
    aim = Target(EXPECTED[rule.kind](), [rule.limit if is_silence else one.expected for one in found])
    fired = {one.as_of for one in run.fired[code]}
    marks = [Mark(day, "●", "bad") for day, one in zip(days, found, strict=True) if one.as_of in fired and one.fired]
    grain = AlertGrain.DAY if by_day else rule.grain
    how = how_to_read(rule.kpi)
    return Chart(
        title=_("%(kpi)s in %(market)s, the past 90 days") % {"kpi": rule.kpi.name, "market": market},
        how=HowToRead(
            how.shows,
            _("The same check that runs after each load, day by day, on the data as they are known now."),
            _("A dotted line is a day on which it would have fired; the dashed line is what it is held against."),
            _("Move the limit until it fires as often as you would act on it."),
        ),
        figure=with_marks(trend(days, [line], measure, grain=str(grain), targets=[aim]), marks),
        table=table_of(days, [line, Series(aim.name, _numbers(aim))], measure, head=_("Day")),
    )


def _numbers(aim: Target) -> list[float | None]:
    return list(aim.values) if not isinstance(aim.values, int | float) else []


EXPECTED: dict[str, Callable[[], str]] = {
    AlertKind.THRESHOLD: lambda: _("Limit"),
    AlertKind.CHANGE: lambda: _("Compared with"),
    AlertKind.PACING: lambda: _("Due by then"),
    AlertKind.ANOMALY: lambda: _("To be expected"),
    AlertKind.MISSING: lambda: _("Limit"),
    AlertKind.RESTATED: lambda: _("Reported before"),
}
