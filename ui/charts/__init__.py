"""Charts as plain dicts that the browser's plotly draws; colours are token names that the browser resolves."""

from ui.charts.bars import bars, stacked
from ui.charts.marks import Mark, with_marks
from ui.charts.model import Chart, ChartTable, Measure, Series, Target, fold, table_of
from ui.charts.trend import trend

__all__ = [
    "Chart", "ChartTable", "Mark", "Measure", "Series", "Target", "bars", "fold", "stacked", "table_of", "trend",
    "with_marks",
]  # fmt: skip
