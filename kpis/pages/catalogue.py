"""The KPI definitions as a page: every formula, unit, direction and roll-up in one list, and which are switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kpis.catalogue import Kpi, Stage
from kpis.catalogue.sets import SETS
from kpis.pages.board import language
from kpis.pages.cell import how_to_read
from kpis.queries.definitions import Definitions, definitions_of
from kpis.reasons import hole_label, hole_sentence
from tenants.access import Access
from ui.components import HowToRead, Tab


@dataclass(frozen=True, slots=True)
class Definition:
    """A line of the list. `needs` says what a KPI waits for that can't be measured yet."""

    kpi: Kpi
    name: str
    second: str
    formula: str
    how: HowToRead
    url: str
    on: bool
    leads: bool
    needs: str = ""
    needs_label: str = ""


@dataclass(frozen=True, slots=True)
class SetChoice:
    name: str
    title: str
    about: str
    count: int


@dataclass(frozen=True, slots=True)
class LeadChoice:
    """Whose one metric, which it is now ("" for none) and what may be chosen."""

    market: str
    title: str
    key: str
    name: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Stages with their KPIs, and how many there are."""

    stages: Sequence[tuple[int, str, Sequence[Definition]]]
    count: int
    tabs: Sequence[Tab]
    stage_tabs: Sequence[Tab]
    sets: Sequence[SetChoice]
    leads: Sequence[LeadChoice]
    choices: Sequence[tuple[str, Sequence[Kpi]]]
    may_define: bool
    may_lead: bool
    kept: str


def catalogue_page(access: Access, query: QueryDict) -> CataloguePage:
    """The list that the address asks for, in the reader's language."""
    definitions = definitions_of(access)
    show = query.get("show", "on")
    show = show if show in ("all", "own", "off") else "on"
    stage_key = query.get("stage", "")
    groups = {
        "on": definitions.shown,
        "own": [kpi for kpi in definitions.kpis if kpi.is_own],
        "off": [kpi for kpi in definitions.kpis if kpi.key not in definitions.on],
        "all": definitions.kpis,
    }
    listed = [kpi for kpi in groups[show] if stage_key in ("", kpi.stage.value)]
    labels = {"on": _("Our KPIs"), "own": _("Own"), "off": _("Switched off"), "all": _("All")}
    lines = [_line(kpi, definitions) for kpi in listed]
    return CataloguePage(
        stages=[
            (stage.number, str(stage.words), found)
            for stage in Stage
            if (found := [line for line in lines if line.kpi.stage is stage])
        ],
        count=len(listed),
        tabs=[Tab(labels[name], f"?show={name}&stage={_known(stage_key)}", name == show, len(groups[name]))
              for name in ("on", "own", "off", "all")],
        stage_tabs=[Tab(_("All stages"), f"?show={show}", not _known(stage_key)),
                    *(Tab(str(s.words), f"?show={show}&stage={s.value}", s.value == stage_key) for s in Stage)],
        sets=[SetChoice(s.name, str(s.title), str(s.about), len(s.keys)) for s in SETS.values()],
        leads=lead_choices(access, definitions),
        choices=[(str(stage.words), [kpi for kpi in definitions.shown if kpi.stage is stage]) for stage in Stage],
        may_define=access.can("define_kpis"),
        may_lead=access.can("choose_omtm"),
        kept=f"show={show}&stage={_known(stage_key)}",
    )  # fmt: skip


def _known(stage: str) -> str:
    return stage if stage in {one.value for one in Stage} else ""


def _line(kpi: Kpi, definitions: Definitions) -> Definition:
    spoken = language()
    hole = None if kpi.is_measurable else kpi.formula.of_period({}).hole  # type: ignore[union-attr]
    return Definition(
        kpi=kpi,
        name=str(kpi.name),
        second=kpi.name.en if spoken == "ko" and kpi.name.en != kpi.name.ko else "",
        formula=kpi.formula.as_text(spoken),
        how=how_to_read(kpi),
        url=reverse("kpis:definition", args=[kpi.key]),
        on=kpi.key in definitions.on,
        leads=definitions.omtm.get("") == kpi.key,
        needs=hole_sentence(hole) if hole else "",
        needs_label=hole_label(hole) if hole else "",
    )


def lead_choices(access: Access, definitions: Definitions) -> list[LeadChoice]:
    """The one metric of the client and of each market that this person may see."""
    spoken = language()
    places = [("", _("All markets"), access.can("define_kpis"))]
    places += [(m.code, m.name_ko if spoken == "ko" else m.name_en, access.can("choose_omtm")) for m in access.markets]
    found = []
    for market, title, may in places:
        key = definitions.omtm.get(market, "")
        found.append(LeadChoice(market, title, key, str(definitions.kpi(key).name) if key else "", may))
    return found
