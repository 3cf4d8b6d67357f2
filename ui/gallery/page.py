"""The context of the gallery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from ui.charts import Chart
from ui.components import Change, Figure, HowToRead, KpiCard, Step, Tab, TimelineEntry
from ui.gallery import samples
from ui.gallery.charts import gallery_charts, how_to_read
from ui.scope_bar import OWN_PARAMETERS, ScopeBar, ScopeChoice, ScopeOptions, scope_bar_for
from ui.stages import STAGES, Stage
from ui.templatetags.ui.numbers import language


@dataclass(frozen=True)
class GalleryPage:
    cards: list[KpiCard]
    figures: list[Figure]
    changes: list[Change]
    charts: list[Chart]
    scope: ScopeBar
    form: samples.SampleForm
    wrong_form: samples.SampleForm
    tabs: list[Tab]
    steps: list[Step]
    page: Page[int]
    timeline: list[TimelineEntry]
    how: HowToRead
    board: list[tuple[Stage, list[samples.BoardRow]]]
    board_markets: list[tuple[str, str]]
    units: Sequence[tuple[str, float]] = samples.UNITS
    trend: Sequence[float | None] = samples.TREND
    stages: Sequence[Stage] = STAGES

    @property
    def palette(self) -> list[str]:
        return [f"cat-{number}" for number in range(1, 11)]

    @property
    def ramps(self) -> list[list[str]]:
        return [[f"{name}-{number}" for number in range(1, 8)] for name in ("seq", "div")]


def gallery_page(request: HttpRequest) -> GalleryPage:
    """Everything that the gallery shows, in the reader's language."""
    wrong = samples.SampleForm({"wrong-name": "", "wrong-email": "not an address"}, prefix="wrong")
    wrong.is_valid()
    return GalleryPage(
        cards=samples.cards(),
        figures=samples.figures(),
        changes=samples.changes(),
        charts=gallery_charts(),
        scope=_scope(request.GET),
        form=samples.SampleForm(),
        wrong_form=wrong,
        tabs=[Tab(_("Mapping"), "#a", True), Tab(_("Rejected rows"), "#b", count=1204), Tab(_("History"), "#c")],
        steps=samples.steps(),
        page=Paginator(range(1, 1235), 50).get_page(request.GET.get("page", "4")),
        timeline=samples.timeline(),
        how=how_to_read(),
        board=samples.board(),
        board_markets=[(samples.market_name(name, english), code) for code, name, english in samples.MARKETS],
    )


def _scope(query: QueryDict) -> ScopeBar:
    markets = [ScopeChoice(code, samples.market_name(name, english)) for code, name, english in samples.MARKETS]
    options = ScopeOptions(dt.date(2026, 11, 22), dt.date(2025, 1, 1), markets, ("KRW", "USD"))
    asked = QueryDict(mutable=True)
    for name in OWN_PARAMETERS:
        asked.setlist(name, query.getlist(name))
    return scope_bar_for(asked, options, language=language())
