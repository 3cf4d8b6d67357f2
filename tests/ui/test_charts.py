"""Figures are valid, truthful and readable."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import plotly.graph_objects as go
import pytest

from ui.charts import Dot, Measure, Rung, Series, Target, bars, dots, fold, stacked, table_of, trend, waterfall
from ui.charts.theme import nice_ticks

DAYS = [dt.date(2026, 10, 1) + dt.timedelta(days=index) for index in range(10)]
WON = Measure("money", "KRW", "ko")
COUNT = Measure("count", language="en")


def valid(figure: dict[str, object]) -> go.Figure:
    """The figure as plotly itself reads it: raises on a property or value that it doesn't know."""
    json.dumps(figure)
    return go.Figure({"data": figure["data"], "layout": figure["layout"]})


def test_a_trend_is_valid_and_keeps_its_holes() -> None:
    values = [1.0, 2.0, None, 4.0, 5.0, 6.0, 7.0, 8.0, None, 10.0]
    figure = trend(DAYS, [Series("매출", values)], WON, targets=[Target("목표", 6.0)], moving=DAYS[-3:])
    drawn = valid(figure)
    line = drawn.data[0]
    assert list(line.y) == values
    assert line.connectgaps is False
    target = drawn.data[1]
    assert (target.line.dash, set(target.y)) == ("dash", {6.0})
    assert [note.text for note in drawn.layout.annotations] == ["목표 ₩6"]


def test_days_that_move_and_days_without_value_have_patterns_of_their_own() -> None:
    values = [None if index in (2, 9) else 1.0 for index in range(10)]
    traces = trend(DAYS, [Series("a", values)], WON, moving=DAYS[-2:])["data"]
    marked = {trace["meta"]["pattern"]: trace for trace in traces if "pattern" in trace["meta"]}
    assert marked["missing"]["x"] == ["2026-10-03", "2026-10-10"]
    assert marked["moving"]["x"] == ["2026-10-09"]
    assert marked["missing"]["marker"]["pattern"]["shape"] != marked["moving"]["marker"]["pattern"]["shape"]


def test_several_lines_end_in_their_names_which_do_not_lie_on_each_other() -> None:
    lines = [Series(name, [0.0] + [10.0 + place * 0.01] * 9) for place, name in enumerate(("KR", "JP", "DE"))]
    labels = valid(trend(DAYS, lines, WON)).layout.annotations
    assert [label.text for label in labels] == ["KR", "JP", "DE"]
    assert labels[0].yshift < labels[1].yshift < labels[2].yshift


def test_bars_stand_on_zero_and_write_their_values() -> None:
    drawn = valid(bars(["Naver", "Meta"], [Series("Orders", [900, 950])], COUNT, target=Target("Target", 1000)))
    assert drawn.layout.yaxis.range == (0, 1000)
    assert list(drawn.data[0].text) == ["900", "950"]
    assert drawn.data[1].mode == "markers"


def test_horizontal_bars_read_from_the_top() -> None:
    drawn = valid(bars(["Naver", "Meta"], [Series("Orders", [900, None])], COUNT, horizontal=True))
    assert drawn.layout.yaxis.autorange == "reversed"
    assert list(drawn.data[0].x) == [900, None]


def test_moving_bars_are_hatched() -> None:
    drawn = valid(bars(DAYS[:3], [Series("Orders", [1, 2, 3])], COUNT, moving=[DAYS[2]]))
    assert list(drawn.data[0].marker.pattern.shape) == ["", "", "/"]


def test_stacked_bars_reach_to_their_sum() -> None:
    drawn = valid(stacked(["a", "b"], [Series("x", [40, None]), Series("y", [70, 30])], COUNT))
    assert drawn.layout.barmode == "relative"
    assert drawn.layout.yaxis.range[1] >= 110
    assert drawn.layout.yaxis.range[0] == 0


def test_values_are_written_in_the_readers_unit() -> None:
    figure = trend(DAYS, [Series("매출", [123_456_789.0] * 10, links=["/c/acme/day"] * 10)], WON)
    assert figure["data"][0]["customdata"][0] == ["₩123,456,789", "/c/acme/day"]
    assert figure["layout"]["yaxis"]["ticktext"][-1].endswith("억")


def test_colours_are_tokens_in_a_fixed_order() -> None:
    figure = trend(DAYS, [Series("a", [1.0] * 10), Series("b", [2.0] * 10, "stage-4")], WON)
    assert [trace["meta"]["colour"] for trace in figure["data"]] == ["cat-1", "stage-4"]


def test_an_empty_chart_is_still_a_figure() -> None:
    valid(trend([], [], WON))
    valid(bars([], [Series("a", [])], COUNT))
    valid(trend(DAYS, [Series("a", [None] * 10)], WON))


def test_more_than_seven_are_folded_into_other_and_told() -> None:
    series = [Series(f"s{place}", [float(place), None]) for place in range(10)]
    shown, note = fold(series, additive=True, language="en")
    assert [one.name for one in shown] == [*(f"s{place}" for place in range(3, 10)), "Other"]
    assert list(shown[-1].values) == [0 + 1 + 2, None]
    assert shown[0].colour == "cat-4"  # its place among all, so that it keeps its colour
    assert note == "“Other” is the sum of 3 more."


def test_rates_are_never_added_into_other() -> None:
    series = [Series(f"s{place}", [0.1 * place]) for place in range(9)]
    shown, note = fold(series, additive=False, language="en")
    assert len(shown) == 7
    assert note == "2 more are not drawn; they are in the table."
    assert fold(series[:7], additive=False) == (series[:7], "")


def test_the_table_has_the_same_numbers() -> None:
    table = table_of(DAYS[:2], [Series("매출", [1_234.0, None])], WON, head="날짜")
    assert table.columns == ["날짜", "매출"]
    assert table.rows == [["2026년 10월 1일", "₩1,234"], ["2026년 10월 2일", "–"]]


@pytest.mark.parametrize(
    ("values", "from_zero", "ticks"),
    [
        ([0, 97], True, [0, 25, 50, 75, 100]),
        ([95, 97], True, [0, 25, 50, 75, 100]),
        ([95, 99], False, [95, 96, 97, 98, 99]),
        ([0.012, 0.031], False, [0, 0.01, 0.02, 0.03, 0.04]),
        ([-40, 60], True, [-50, -25, 0, 25, 50, 75]),
        ([], True, [0, 0.25, 0.5, 0.75, 1]),
        ([0, 0], True, [0, 0.25, 0.5, 0.75, 1]),
        ([5, float("nan"), float("inf")], True, [0, 2, 4, 6]),
    ],
)
def test_ticks_are_round_and_span_the_values(values: list[float], from_zero: bool, ticks: list[float]) -> None:
    assert nice_ticks(values, from_zero=from_zero) == pytest.approx(ticks)


def test_days_are_named_in_the_readers_language() -> None:
    words = trend(DAYS, [], WON)["config"]["locales"]["ko"]["format"]
    assert (words["days"][0], words["shortMonths"][9]) == ("일요일", "10월")
    assert trend(DAYS, [], COUNT)["config"]["locales"]["en"]["format"]["days"][0] == "Sunday"


def test_drawing_does_not_import_plotly() -> None:
    code = "import ui.charts, ui.assets, sys; ui.assets.plotly_directory(); print('plotly' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_waterfall_stands_on_zero_and_its_rungs_lead_to_the_whole() -> None:
    rungs = [Rung("세션", 40.0, "+40"), Rung("전환율", -70.0, "−70"), Rung("환율", 10.0, "+10")]
    drawn = valid(waterfall(rungs, Rung("전체 차이", -20.0, "−20"), COUNT, better="up"))
    placed = {name: (base, x) for bar in drawn.data for name, base, x in zip(bar.y, bar.base, bar.x, strict=True)}
    assert placed == {"세션": (0, 40), "전환율": (40, -70), "환율": (-30, 10), "전체 차이": (0, -20)}
    assert {bar.meta["colour"] for bar in drawn.data} == {"good", "bad", "accent"}
    assert drawn.layout.xaxis.range[0] <= -30 <= 40 <= drawn.layout.xaxis.range[1]
    lower = waterfall(rungs[:1], rungs[0], COUNT, better="down")["data"]
    assert lower[0]["meta"]["colour"] == "bad"


def test_dots_carry_their_interval_and_a_hollow_mark_beside() -> None:
    drawn = valid(
        dots([Dot("KR", 3.0, 2.0, 5.0, "3", 4.0), Dot("JP", 1.0, 0.5, 1.5, "1")], COUNT, name="a", beside="b")
    )
    hollow, full = drawn.data
    assert (list(hollow.x), list(full.x)) == ([4.0], [3.0, 1.0])
    assert (list(full.error_x.array), list(full.error_x.arrayminus)) == ([2.0, 0.5], [1.0, 0.5])
