"""Of what a KPI is the product: visits × conversion rate × order value, as data."""

from __future__ import annotations

from dataclasses import dataclass

from kpis.catalogue.formula import Formula, Ratio, Sum
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
    """The chains of a KPI, the most telling first; the last one needs no measure beyond the KPI's own."""
    return (*CHAINS.get(kpi.key, ()), *_plain(kpi, kpi.formula))


def _plain(kpi: Kpi, formula: Formula) -> tuple[Chain, ...]:
    if isinstance(formula, Sum):
        return (Chain(formula.measure, (), kpi.key),)
    if isinstance(formula, Ratio):
        return (Chain(formula.below, (Step(formula.above, formula.below, kpi.name, kpi.key),)),)
    return ()
