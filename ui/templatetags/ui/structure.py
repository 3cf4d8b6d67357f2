"""Tables, chart cards, timelines, the scope bar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from problems.errors import Sentence
from ui.charts import Chart
from ui.components import TimelineEntry
from ui.scope_bar import ScopeBar
from ui.templatetags.ui.rendering import rendered, unique_id

register = template.Library()


@register.simple_block_tag(takes_context=True)
def chart_card(context: Context, content: str, chart: Chart, **options: Any) -> str:
    """A chart with ⓘ, menu (table, CSV, PNG) and the table behind it; the content is the insight under the title.

    Options: height ("low", "tall"), level (heading level 2–4; 3).
    """
    id = unique_id("chart")
    values = {"content": content, "chart": chart, "height": "", "level": 3, "id": id, "figure_id": f"{id}-figure"}
    return rendered(context, "chart_card", {**values, "has_insight": bool(content.strip()), **options})


@register.simple_block_tag(takes_context=True)
def data_table(context: Context, content: str, caption: Sentence, **options: Any) -> str:
    """A table with sticky head, sorting, density and cards on phones; the content is <thead> and <tbody>.

    Options: show_caption, csv_url, empty (a sentence when there are no rows), tools (False hides the tool row), id,
    pairs (on phones two short figures stand in a line; a cell of class `whole` takes all of it).
    """
    values = {
        "show_caption": False,
        "csv_url": "",
        "empty": "",
        "tools": True,
        "pairs": False,
        "id": unique_id("table"),
    }
    return rendered(context, "data_table", {"content": content, "caption": caption, **values, **options})


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Iterable[TimelineEntry], label: Sentence = "") -> dict[str, Any]:
    """What happened, newest first as given."""
    return {"entries": entries, "label": label}


@register.inclusion_tag("ui/scope_bar.html")
def scope_bar(bar: ScopeBar) -> dict[str, Any]:
    """Period, comparison, markets, currency: a GET form whose address is the state."""
    return {"bar": bar, "id": unique_id("scope")}
