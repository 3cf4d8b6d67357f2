"""The sample client's plan: its targets and exchange rates, set the way a headquarters sets them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from demo.money import budget, closes, rates
from demo.story import BILLED_IN_USD
from demo.targets import PlannedTarget, plan_months, planned_targets
from demo.telling import Tale
from kpis.models import How
from kpis.services.rate_tables import RateCell
from kpis.services.rates import set_rates
from kpis.services.target_tables import TargetCell
from kpis.services.targets import set_targets
from tenants.access import Access

RATES_SOURCE = "샘플 환율 (made up)"


def set_sample_goals(access: Access, tales: Sequence[Tale], *, seed: int, now: dt.datetime) -> list[PlannedTarget]:
    """Set the targets of every market and the rates of every currency in use; doing it again changes nothing.

    Rates reach to the end of the plan, because targets of months to come are converted too.
    """
    window = tales[0].window
    months = plan_months(window)
    used = {tale.story.currency for tale in tales} | {"USD" for tale in tales if tale.story.code in BILLED_IN_USD}
    running = window.end.replace(day=1)
    known = [RateCell(*rate) for rate in rates(months, running, seed) if rate[0] in used]
    set_rates(access, known, how=How.IMPORTED, now=now, source=RATES_SOURCE)
    monthly = {(cell.currency, cell.on): cell.rate for cell in known if cell.rate is not None}
    for kind, found in (("daily", closes(monthly, window.end, seed)), ("budget", budget(monthly))):
        cells = [RateCell(*rate) for rate in found]
        set_rates(access, cells, how=How.IMPORTED, now=now, source=RATES_SOURCE, kind=kind)
    planned = planned_targets(tales, seed=seed)
    targets = [TargetCell(t.kpi, t.market, t.month, t.value) for t in planned]
    set_targets(access, targets, how=How.IMPORTED, now=now)
    return planned
