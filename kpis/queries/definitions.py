"""The KPIs of a client: the catalogue's that are switched on, its own, its local overrides and its one metric.

What the database holds is kept under the revision of definitions, so that a page asks for it only after a change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.core.cache import cache

from kpis.catalogue import CATALOGUE, DEFAULT_BOARD, Better, Kpi, Rollup, Stage, Unit, Words
from kpis.catalogue.formula import Formula, Needed
from kpis.errors import BadFormula, NoSuchKpi
from kpis.expressions import check_formula
from kpis.models import KpiSwitch, MarketOverride, Omtm, OverrideState, OwnKpi, Revision
from tenants.access import Access
from tenants.current import open_schema_name

THING = "kpis"  # the revision that counts changes of definitions
KEPT_FOR_S = 24 * 3600
LOCAL = "@"  # cvr@KR: the local definition of a market, never a key that a person can ask for


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """An own KPI as it is kept."""

    key: str
    number: int
    name: Words
    stage: str
    unit: str
    better: str
    formula: str
    owner: str
    description: Words


@dataclass(frozen=True, slots=True)
class OverrideFacts:
    """A local override in force."""

    kpi: str
    market: str
    formula: str
    reason: str
    proposed_by: str
    decided_by: str
    decided_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database holds of a client's definitions; `retired` are own KPIs that were taken out of use."""

    own: tuple[OwnFacts, ...] = ()
    retired: tuple[OwnFacts, ...] = ()
    overrides: tuple[OverrideFacts, ...] = ()
    switches: tuple[tuple[str, bool], ...] = ()
    omtm: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Definitions:
    """All KPIs that a client can ask for, in the order of the journey; `on` are those its lists show.

    `omtm` is the one metric by market, "" for the client. `local` are local definitions by KPI and market. `ever` has
    those that can no longer be asked for too, by their last name and unit: what was told of them keeps its words.
    """

    kpis: tuple[Kpi, ...]
    on: frozenset[str]
    omtm: Mapping[str, str]
    local: Mapping[tuple[str, str], Kpi]
    facts: Facts
    by_key: Mapping[str, Kpi] = field(default_factory=dict)
    ever: Mapping[str, Kpi] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Kpi, ...]:
        """The client's KPIs: those that are switched on, and its own."""
        return tuple(kpi for kpi in self.kpis if kpi.key in self.on)

    @property
    def default_board(self) -> tuple[str, ...]:
        chosen = tuple(key for key in DEFAULT_BOARD if key in self.on)
        return chosen or tuple(kpi.key for kpi in self.shown[:16]) or DEFAULT_BOARD

    def kpi(self, key: str) -> Kpi:
        """The KPI of this key, switched on or not. Errors: NoSuchKpi."""
        try:
            return self.by_key[key]
        except KeyError:
            raise NoSuchKpi(key) from None

    def local_kpi(self, key: str, market: str) -> Kpi | None:
        """A KPI by a market's own formula, where it has one."""
        return self.local.get((key, market))

    def in_order(self, keys: Iterable[str]) -> tuple[Kpi, ...]:
        """The KPIs of these keys by stage; within a stage in the order given. `cvr@KR` is a local definition."""
        found = (self._asked(key) for key in dict.fromkeys(keys))
        return tuple(sorted(found, key=lambda kpi: kpi.stage.number))

    def _asked(self, key: str) -> Kpi:
        if LOCAL in key:
            base, _sign, market = key.partition(LOCAL)
            local = self.local_kpi(base, market)
            if local is None:
                raise NoSuchKpi(key)
            return local
        return self.kpi(key)

    @property
    def references(self) -> dict[str, Formula | str]:
        """What a formula may refer to by {key}."""
        return references_of(self.facts)


def definitions_of(access: Access) -> Definitions:
    """The definitions of this person's client; one query when nothing has changed."""
    number = Revision.objects.filter(thing=THING).values_list("number", flat=True).first()
    return definitions_at(access.client.schema_name, number or 0)


def definitions_here() -> Definitions:
    """The definitions of the client that is open in this thread."""
    number = Revision.objects.filter(thing=THING).values_list("number", flat=True).first()
    return definitions_at(open_schema_name(), number or 0)


def known_kpi(key: str) -> Kpi | None:
    """A KPI of the catalogue, or else an own one of the open client; the catalogue costs no query."""
    return BUILT_IN.by_key.get(key) or definitions_here().by_key.get(key)


def kpi_here(key: str) -> Kpi:
    """As `known_kpi`. Errors: NoSuchKpi."""
    found = known_kpi(key)
    if found is None:
        raise NoSuchKpi(key)
    return found


def last_known(key: str) -> Kpi | None:
    """As `known_kpi`, or one that was taken out of use, with its last name and unit."""
    return BUILT_IN.by_key.get(key) or definitions_here().ever.get(key)


def definitions_now() -> Definitions:
    """As the open transaction sees them: what a change is checked against, never remembered."""
    return compiled(_read())


def definitions_at(schema: str, revision: int) -> Definitions:
    """The definitions at a revision that is already known; no query when they are remembered."""
    if not revision:
        return compiled(Facts())
    name = f"kpis:facts:{schema}:{revision}"
    found = cache.get(name)
    if found is None:
        found = _read()
        cache.set(name, found, KEPT_FOR_S)
    return compiled(found)


def _read() -> Facts:
    every = list(OwnKpi.objects.all())
    own, retired = (tuple(own_facts(one) for one in every if one.active is active) for active in (True, False))
    overrides = tuple(
        OverrideFacts(one.kpi, one.market, one.formula, one.reason, one.proposed_by, one.decided_by, one.decided_at)
        for one in MarketOverride.objects.filter(state=OverrideState.APPROVED)
        if one.decided_at is not None
    )
    switches = tuple(KpiSwitch.objects.order_by("kpi").values_list("kpi", "on"))
    return Facts(own, retired, overrides, switches, tuple(Omtm.objects.order_by("market").values_list("market", "kpi")))


def own_facts(one: Any) -> OwnFacts:
    """An own KPI, or a version of one, as a value."""
    key, number = (one.key, one.number) if isinstance(one, OwnKpi) else (one.kpi.key, one.kpi.number)
    return OwnFacts(
        key=key,
        number=number,
        name=Words(one.name_ko, one.name_en),
        stage=one.stage,
        unit=one.unit,
        better=one.better,
        formula=one.formula,
        owner=one.owner_name,
        description=Words(one.description_ko, one.description_en),
    )


def references_of(facts: Facts) -> dict[str, Formula | str]:
    """Formulas of the catalogue and texts of own KPIs, by key."""
    return {**{kpi.key: kpi.formula for kpi in CATALOGUE}, **{one.key: one.formula for one in facts.own}}


@lru_cache(maxsize=64)
def compiled(facts: Facts) -> Definitions:
    """Definitions of what the database holds. A formula that can no longer be read is left out, with what it names."""
    references = references_of(facts)
    own: list[Kpi] = []
    for one in facts.own:
        try:
            own.append(own_kpi(one, references))
        except BadFormula:
            continue
    kpis = tuple(sorted((*CATALOGUE, *own), key=lambda kpi: (kpi.stage.number, kpi.number)))
    by_key = {kpi.key: kpi for kpi in kpis}
    switched = dict(facts.switches)
    on = {kpi.key for kpi in kpis if switched.get(kpi.key, kpi.is_measurable)}
    local: dict[tuple[str, str], Kpi] = {}
    for change in facts.overrides:
        found = _local(change, by_key, references)
        if found is not None:
            local[change.kpi, change.market] = found
    omtm = {market: key for market, key in facts.omtm if key in by_key}
    ever = {one.key: _retired_kpi(one) for one in (*facts.retired, *facts.own)} | by_key
    return Definitions(kpis, frozenset(on), omtm, local, facts, by_key, ever)


def own_kpi(one: OwnFacts, references: Mapping[str, Formula | str]) -> Kpi:
    """An own KPI as the board takes it. Errors: BadFormula."""
    checked = check_formula(one.formula, references=references, key=one.key)
    owner = Words(f"담당: {one.owner}.", f"Owner: {one.owner}.") if one.owner else Words("", "")
    return Kpi(
        number=one.number,
        key=one.key,
        stage=Stage(one.stage),
        name=one.name,
        unit=Unit(one.unit),
        better=Better(one.better),
        rollup=checked.rollup,
        formula=checked.formula,
        shows=Words(
            one.description.ko or checked.formula.as_text("ko"), one.description.en or checked.formula.as_text("en")
        ),
        reads=Words(f"우리 회사가 만든 KPI예요. {owner.ko}".strip(), f"A KPI of your own. {owner.en}".strip()),
        acts=Words(
            "정의가 바뀐 때는 KPI 정의의 이력에서 볼 수 있어요.", "When its definition changed stands in its history."
        ),
    )


def _retired_kpi(one: OwnFacts) -> Kpi:
    """An own KPI that is never computed any more: what it was called and counted in, and its formula as a text."""
    text = Words(one.formula, one.formula)
    return Kpi(
        number=one.number,
        key=one.key,
        stage=Stage(one.stage),
        name=one.name,
        unit=Unit(one.unit),
        better=Better(one.better),
        rollup=Rollup.NON_ADDITIVE,
        formula=Needed((), text.ko, text.en),
        shows=text,
        reads=text,
        acts=text,
    )


def _local(change: OverrideFacts, by_key: Mapping[str, Kpi], references: Mapping[str, Formula | str]) -> Kpi | None:
    kpi = by_key.get(change.kpi)
    if kpi is None:
        return None
    try:
        checked = check_formula(change.formula, references=references)
    except BadFormula:
        return None
    return replace(kpi, key=f"{kpi.key}{LOCAL}{change.market}", formula=checked.formula, rollup=checked.rollup)


BUILT_IN = compiled(Facts())
