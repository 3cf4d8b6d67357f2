"""The KPI definitions as a page: every formula, unit, direction and roll-up in one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpis.catalogue import CATALOGUE, Kpi, Stage
from kpis.pages.board import language
from kpis.pages.cell import how_to_read
from ui.components import HowToRead


@dataclass(frozen=True, slots=True)
class Definition:
    kpi: Kpi
    name: str
    second: str
    formula: str
    how: HowToRead


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Stages with their KPIs, and how many there are."""

    stages: Sequence[tuple[int, str, Sequence[Definition]]]
    count: int


def catalogue_page() -> CataloguePage:
    """All definitions in the reader's language."""
    spoken = language()
    stages = [
        (
            stage.number,
            str(stage.words),
            [
                Definition(
                    kpi,
                    str(kpi.name),
                    kpi.name.en if spoken == "ko" else "",
                    kpi.formula.as_text(spoken),
                    how_to_read(kpi),
                )
                for kpi in CATALOGUE
                if kpi.stage is stage
            ],
        )
        for stage in Stage
    ]
    return CataloguePage(stages, len(CATALOGUE))
