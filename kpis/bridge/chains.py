"""Of what a KPI is the product: visits × conversion rate × order value, as data."""

from __future__ import annotations

from dataclasses import dataclass

from kpis.catalogue import BY_KEY
from kpis.catalogue.formula import as_expression
from kpis.catalogue.kinds import Kpi, Words
from kpis.catalogue.measures import measure as measure_of


@dataclass(frozen=True, slots=True)
class Step:
    """A measure as another one times a rate: `measure` = `per` × rate. `kpi` is the KPI whose target is that rate's."""

    measure: str
    per: str
    name: Words
    kpi: str = ""

    @property
    def kind(self) -> str:
        """A price where it is money for one of something, else a rate."""
        return "price" if measure_of(self.measure).money and not measure_of(self.per).money else "rate"


@dataclass(frozen=True, slots=True)
class Chain:
    """From a volume by steps to every measure of a KPI; each step's `per` is the volume or an earlier measure."""

    volume: str
    steps: tuple[Step, ...] = ()
    kpi: str = ""

    @property
    def measures(self) -> tuple[str, ...]:
        return (self.volume, *(step.measure for step in self.steps))

    @property
    def volume_name(self) -> Words:
        found = measure_of(self.volume)
        return Words(found.ko, found.en)


_CVR = Step("orders", "sessions", Words("구매 전환율", "conversion rate"), "cvr")
_AOV = Step("revenue", "orders", Words("객단가", "order value"), "aov")
_CTR = Step("clicks", "impressions", Words("클릭률", "click-through rate"), "ctr")
_CPC = Step("cost", "clicks", Words("클릭당 비용", "cost per click"), "cpc")
_AD_RATE = Step("ad_conversions", "clicks", Words("광고 전환율", "ad conversion rate"))
_AD_VALUE = Step("ad_value", "ad_conversions", Words("전환당 매출", "value of a conversion"))
_ARRIVAL = Step("paid_sessions", "clicks", Words("클릭→방문 도달률", "click-to-session rate"), "click_to_session")

# The first whose measures are all there is taken; what has none is a volume, or a rate over its denominator.
CHAINS: dict[str, tuple[Chain, ...]] = {
    "clicks": (Chain("impressions", (_CTR,), "impressions"),),
    "ad_spend": (Chain("impressions", (_CTR, _CPC), "impressions"), Chain("clicks", (_CPC,), "clicks")),
    "video_views": (
        Chain("view_impressions", (Step("views", "view_impressions", Words("조회율", "view rate"), "view_rate"),)),
    ),
    "cpm": (Chain("impressions", (_CTR, _CPC)),),
    "cost_per_session": (Chain("clicks", (_CPC, _ARRIVAL)),),
    "cpa": (Chain("clicks", (_CPC, _AD_RATE)),),
    "roas": (Chain("clicks", (_CPC, _AD_RATE, _AD_VALUE)),),
    "orders": (Chain("sessions", (_CVR,), "sessions"),),
    "revenue": (Chain("sessions", (_CVR, _AOV), "sessions"), Chain("orders", (_AOV,), "orders")),
    "revenue_per_session": (Chain("sessions", (_CVR, _AOV)),),
    "leads": (Chain("sessions", (Step("leads", "sessions", Words("리드 전환율", "lead rate")),), "sessions"),),
}


def chains_of(kpi: Kpi) -> tuple[Chain, ...]:
    """The chains of a KPI, the most telling first; the last one needs no measure beyond the KPI's own.

    A formula of several terms is no product and has none: see `term_effects`.
    """
    own = _terms(kpi)
    if own is None:
        return ()
    above, below = own
    if not below:
        return (*_telling(kpi), Chain(above, (), kpi.key))
    return (*_telling(kpi), Chain(below, (Step(above, below, kpi.name, kpi.key),)))


def _telling(kpi: Kpi) -> tuple[Chain, ...]:
    """The chains of the catalogue's KPI that is made of the same measures: 1.1 × revenue moves as revenue does."""
    alike = kpi.key if not kpi.is_own else next((key for key in CHAINS if _terms(BY_KEY[key]) == _terms(kpi)), "")
    return CHAINS.get(alike, ())


def _terms(kpi: Kpi) -> tuple[str, str] | None:
    """The one measure above and the one below (empty: none) of a formula; None where there are more of them."""
    form = as_expression(kpi.formula)
    if form is None or len(form.above.terms) > 1 or (form.below is not None and len(form.below.terms) > 1):
        return None
    return form.above.keys[0], form.below.keys[0] if form.below is not None else ""
