"""Charts as plain dicts that the browser's plotly draws; colours are token names that the browser resolves."""

from ui.charts.bars import bars, stacked
from ui.charts.dots import Dot, dots
from ui.charts.marks import Mark, with_marks
from ui.charts.model import Chart, ChartTable, Measure, Series, Target, fold, table_of
from ui.charts.trend import trend
from ui.charts.waterfall import Rung, waterfall

__all__ = [
    "Chart", "ChartTable", "Dot", "Mark", "Measure", "Rung", "Series", "Target", "bars", "dots", "fold", "stacked",
    "table_of", "trend", "waterfall", "with_marks",
]  # fmt: skip
